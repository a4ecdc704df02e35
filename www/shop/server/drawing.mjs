// Turns a shape and a glaze into a drawing of a pot: paths by hand, light from the left.

const GLAZES = {
  oat: {
    lit: "#efe4d0",
    base: "#e2d3b8",
    dark: "#bfa983",
    inside: "#a8926c",
    speck: "#8d7650",
  },
  fern: {
    lit: "#93a88a",
    base: "#768d6e",
    dark: "#52684c",
    inside: "#3f523b",
    speck: "#3a4c36",
  },
  sea: {
    lit: "#9fbfc4",
    base: "#7fa5ad",
    dark: "#557b85",
    inside: "#41646d",
    speck: "#3e5f67",
  },
  rust: {
    lit: "#cf8d69",
    base: "#b9714c",
    dark: "#8c4f31",
    inside: "#6f3c24",
    speck: "#6a3a22",
  },
  night: {
    lit: "#5a6079",
    base: "#434960",
    dark: "#2c3145",
    inside: "#1f2333",
    speck: "#848aa3",
  },
};
const CLAY = { lit: "#cbb196", dark: "#a1866a" };

/**
 * Each shape in a square of 200: `body` is glazed, `foot` is bare clay, `rim` is the opening
 * (cx, cy, rx, ry), `behind` is drawn first, `front` last. `ground` is where it stands and how wide.
 */
const SHAPES = {
  mug: {
    ground: [96, 154, 46],
    behind: `<path class="line" stroke-width="11" d="M134 88c26-6 34 12 28 27-5 12-16 19-30 20"/>`,
    body: "M54 72h84c1 30-1 52-6 72-1 5-4 7-9 7H69c-5 0-8-2-9-7-5-20-7-42-6-72z",
    foot: "M60 143c1 6 4 8 9 8h54c5 0 8-2 9-8-18 3-54 3-72 0z",
    rim: [96, 72, 42, 9],
  },
  cup: {
    ground: [100, 154, 66],
    behind: `<path class="glaze" d="M34 142c0 9 30 14 66 14s66-5 66-14z"/><ellipse class="inside" cx="100" cy="142" rx="66" ry="9"/>`,
    body: "M66 88h68c1 22-5 44-16 54-3 3-7 4-11 4H93c-4 0-8-1-11-4-11-10-17-32-16-54z",
    foot: "M83 143c3 3 6 4 10 4h14c4 0 7-1 10-4-9 2-25 2-34 0z",
    rim: [100, 88, 34, 8],
  },
  bowl: {
    ground: [100, 156, 42],
    body: "M36 92h128c-1 27-15 46-38 54-3 5-6 6-11 6H85c-5 0-8-1-11-6-23-8-37-27-38-54z",
    foot: "M73 145c3 6 7 8 12 8h30c5 0 9-2 12-8-16 4-38 4-54 0z",
    rim: [100, 92, 64, 13],
  },
  deepbowl: {
    ground: [100, 158, 38],
    body: "M38 76h124c2 36-12 60-36 70-2 6-6 8-11 8H85c-5 0-9-2-11-8-24-10-38-34-36-70z",
    foot: "M74 145c2 7 6 10 11 10h30c5 0 9-3 11-10-15 4-37 4-52 0z",
    rim: [100, 76, 62, 14],
    front: `<path class="stick" d="M70 78 168 42M80 82 174 50"/>`,
  },
  plate: {
    ground: [100, 146, 70],
    body: "M22 118c0 14 32 25 60 27h36c28-2 60-13 60-27z",
    foot: "M70 142c6 4 12 5 18 5h24c6 0 12-1 18-5-18 2-42 2-60 0z",
    rim: [100, 118, 78, 22],
    front: `<ellipse class="glaze" cx="100" cy="118" rx="76" ry="20"/><ellipse class="well" cx="100" cy="120" rx="52" ry="12.5"/>`,
  },
  sideplate: {
    ground: [100, 150, 56],
    behind: `<path class="glaze" d="M38 136c0 11 26 17 62 17s62-6 62-17z"/><ellipse class="inside" cx="100" cy="136" rx="62" ry="16"/>`,
    body: "M38 118c0 12 26 19 48 20h28c22-1 48-8 48-20z",
    foot: "M0 0",
    rim: [100, 118, 62, 17],
    front: `<ellipse class="glaze" cx="100" cy="118" rx="60" ry="15.4"/><ellipse class="well" cx="100" cy="119.5" rx="41" ry="9.6"/>`,
  },
  teapot: {
    ground: [98, 156, 42],
    behind: `<path class="line" stroke-width="9" d="M56 92c-26-12-40 2-36 20 3 14 16 24 34 24"/><path class="glaze" d="M136 112c16-2 24-12 30-34l14 3c-5 32-18 52-44 57z"/>`,
    body: "M98 72c34 0 52 20 52 44 0 18-9 30-24 37H70c-15-7-24-19-24-37 0-24 18-44 52-44z",
    foot: "M64 149c3 3 6 5 10 5h48c4 0 7-2 10-5-18 3-50 3-68 0z",
    front: `<path class="glaze" d="M70 77c2-9 14-14 28-14s26 5 28 14c-16 6-40 6-56 0z"/><path class="edge" d="M69 77c17 7 41 7 58 0"/><circle class="glaze" cx="98" cy="57" r="7.5"/>`,
  },
  carafe: {
    ground: [100, 172, 42],
    body: "M84 34h32c-2 14-3 26-2 40 3 18 32 34 32 66 0 16-6 26-16 30H70c-10-4-16-14-16-30 0-32 29-48 32-66 1-14 0-26-2-40z",
    foot: "M54 136c-1 19 6 30 16 34h60c10-4 17-15 16-34-26 8-66 8-92 0z",
    rim: [100, 34, 16, 4.5],
  },
  jug: {
    ground: [94, 170, 40],
    behind: `<path class="line" stroke-width="10" d="M128 62c30-8 40 14 34 38-5 20-18 34-32 40"/>`,
    body: "M66 44c-6 2-14-2-22-5 2 10 12 15 16 24 2 12-12 28-12 58 0 24 6 40 16 47h60c10-7 16-23 16-47 0-36-16-52-14-77z",
    foot: "M57 160c2 4 4 7 7 9h60c3-2 5-5 7-9-20 4-54 4-74 0z",
    rim: [95, 44, 31, 7],
  },
  vase: {
    ground: [100, 182, 34],
    behind: `<path class="stem" d="M98 56C96 40 88 26 74 12M99 56c2-18 10-30 26-40M99 58V10"/><g class="leaf"><ellipse cx="72" cy="12" rx="5" ry="9" transform="rotate(-38 72 12)"/><ellipse cx="86" cy="26" rx="4" ry="8" transform="rotate(-64 86 26)"/><ellipse cx="127" cy="14" rx="5" ry="9" transform="rotate(40 127 14)"/><ellipse cx="111" cy="30" rx="4" ry="8" transform="rotate(60 111 30)"/><ellipse cx="99" cy="10" rx="4.5" ry="9"/></g>`,
    body: "M86 54h28c-1 12 0 20 8 28 12 11 16 24 16 40 0 26-8 46-18 57H80c-10-11-18-31-18-57 0-16 4-29 16-40 8-8 9-16 8-28z",
    foot: "M73 170c2 4 4 7 7 9h40c3-2 5-5 7-9-14 3-40 3-54 0z",
    rim: [100, 54, 14, 4],
  },
  budvase: {
    ground: [100, 170, 36],
    behind: `<path class="stem" d="M100 78C98 58 104 44 98 26"/><g class="leaf"><ellipse cx="107" cy="56" rx="4" ry="9" transform="rotate(52 107 56)"/></g><g class="bloom"><circle cx="98" cy="16" r="5"/><circle cx="90" cy="22" r="5"/><circle cx="106" cy="22" r="5"/><circle cx="93" cy="31" r="5"/><circle cx="103" cy="31" r="5"/></g><circle class="heart" cx="98" cy="24" r="4"/>`,
    body: "M90 76h20c-2 14 0 22 8 28 16 10 24 20 24 34 0 14-8 24-20 30H78c-12-6-20-16-20-30 0-14 8-24 24-34 8-6 10-14 8-28z",
    foot: "M67 160c3 4 7 6 11 8h44c4-2 8-4 11-8-18 4-48 4-66 0z",
    rim: [100, 76, 10, 3],
  },
  butter: {
    ground: [100, 150, 72],
    behind: `<path class="glaze" d="M26 138c0 8 8 13 16 13h116c8 0 16-5 16-13z"/><path class="edge" d="M26 138h148"/>`,
    body: "M48 138c-2-22 0-40 6-46 3-3 8-4 14-4h64c6 0 11 1 14 4 6 6 8 24 6 46z",
    foot: "M0 0",
    front: `<path class="glaze" d="M86 88c-2-12 2-18 14-18s16 6 14 18z"/>`,
  },
};

/** @param {{id: string, name: string, shape: string, glaze: string}} product */
export function drawingOf({ id, name, shape, glaze }) {
  const { ground, behind = "", body, foot, rim, front = "" } = SHAPES[shape];
  const [x, y, width] = ground;
  const opening = rim
    ? `<ellipse class="rim" cx="${rim[0]}" cy="${rim[1]}" rx="${rim[2]}" ry="${rim[3]}"/><ellipse class="inside" cx="${rim[0]}" cy="${rim[1] + 0.8}" rx="${rim[2] - 2.6}" ry="${Math.max(rim[3] - 1.8, 1)}"/>`
    : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img" aria-label="${name}">
${definitions(GLAZES[glaze])}
<ellipse cx="${x + 8}" cy="${y}" rx="${width * 1.22}" ry="7" fill="#000" opacity=".13"/>
<ellipse cx="${x + 3}" cy="${y - 1}" rx="${width}" ry="4" fill="#000" opacity=".18"/>
${behind}
<clipPath id="body"><path d="${body}"/></clipPath>
<path class="glaze" d="${body}"/>
<g clip-path="url(#body)"><g class="speck">${specks(id)}</g>
<path class="clay" d="${foot}"/></g>
<path class="light" d="${body}"/>
${opening}${front}
</svg>
`;
}

function definitions({ lit, base, dark, inside, speck }) {
  return `<defs>
<linearGradient id="g" gradientUnits="userSpaceOnUse" x1="40" x2="165" y1="80" y2="110"><stop offset="0" stop-color="${base}"/><stop offset=".28" stop-color="${lit}"/><stop offset=".62" stop-color="${base}"/><stop offset="1" stop-color="${dark}"/></linearGradient>
<linearGradient id="c" gradientUnits="userSpaceOnUse" x1="50" x2="150" y1="0" y2="0"><stop offset="0" stop-color="${CLAY.lit}"/><stop offset="1" stop-color="${CLAY.dark}"/></linearGradient>
<linearGradient id="l" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".12"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".16"/></linearGradient>
</defs>
<style>.glaze{fill:url(#g)}.clay{fill:url(#c)}.light{fill:url(#l)}.rim{fill:${lit}}.inside{fill:${inside}}.well{fill:none;stroke:${dark};stroke-opacity:.45;stroke-width:1.4}.edge{fill:none;stroke:${dark};stroke-width:1.6;stroke-opacity:.7}.line{fill:none;stroke:url(#g);stroke-linecap:round}.speck{fill:${speck};opacity:.5}.stem{fill:none;stroke:#6b7d4f;stroke-width:2.2;stroke-linecap:round}.leaf{fill:#7f9560}.bloom{fill:#e9d9c2}.heart{fill:#c98a3d}.stick{fill:none;stroke:#8a6a45;stroke-width:3.4;stroke-linecap:round}</style>`;
}

/** Iron specks in the glaze, the same for the same piece every time. */
function specks(id) {
  let state = [...id].reduce(
    (h, c) => Math.imul(h ^ c.charCodeAt(0), 0x01000193),
    0x811c9dc5,
  );
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: 70 }, () => {
    const [cx, cy, r] = [
      20 + next() * 160,
      30 + next() * 150,
      0.35 + next() ** 3 * 1.1,
    ];
    return `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${r.toFixed(2)}"/>`;
  }).join("");
}

export function favicon() {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#b9714c" d="M4 11h24c0 8-3 12-8 14l-1 2h-6l-1-2c-5-2-8-6-8-14z"/><path fill="#7d4529" d="M4 11h24c0 2-24 2-24 0z"/></svg>
`;
}
