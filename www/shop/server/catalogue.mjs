// Turns a pottery's shelf into data: what it makes, how each piece looks, what it costs.

/** Prices are in euro cents. `shape` and `glaze` name what `drawing.mjs` draws. */
const PRODUCTS = [
  {
    id: "morning-mug",
    name: "Morning mug",
    category: "cups",
    price: 2800,
    shape: "mug",
    glaze: "oat",
    size: "9 cm high, 320 ml",
    text: "The mug we drink from ourselves. The handle takes three fingers, the rim is thin, and the foot stays unglazed so that it sits still on a wet table.",
  },
  {
    id: "teapot",
    name: "Round teapot",
    category: "pouring",
    price: 9400,
    shape: "teapot",
    glaze: "fern",
    size: "15 cm high, 900 ml",
    text: "Pours in one clean line and stops without a drip. The strainer is pierced by hand, so no two are quite alike.",
  },
  {
    id: "breakfast-bowl",
    name: "Breakfast bowl",
    category: "bowls",
    price: 3200,
    shape: "bowl",
    glaze: "sea",
    size: "15 cm wide, 600 ml",
    text: "Deep enough for porridge, wide enough for fruit. Warm in the hand and happy in the dishwasher.",
  },
  {
    id: "tall-vase",
    name: "Tall vase",
    category: "flowers",
    price: 7800,
    shape: "vase",
    glaze: "rust",
    size: "28 cm high",
    text: "Thrown in two parts and joined at the shoulder. Holds a whole branch without tipping over.",
  },
  {
    id: "dinner-plate",
    name: "Dinner plate",
    category: "plates",
    price: 3600,
    shape: "plate",
    glaze: "oat",
    size: "27 cm wide",
    text: "Flat where you cut, raised where the sauce would run. Stacks low, so that twelve of them fit one shelf.",
  },
  {
    id: "espresso-cup",
    name: "Espresso cup",
    category: "cups",
    price: 2200,
    shape: "cup",
    glaze: "night",
    size: "6 cm high, 90 ml",
    text: "Thick walls keep a short coffee hot to the last sip. The saucer has room for one biscuit.",
  },
  {
    id: "water-jug",
    name: "Water jug",
    category: "pouring",
    price: 6200,
    shape: "jug",
    glaze: "sea",
    size: "22 cm high, 1.4 l",
    text: "A jug for the middle of the table. Full, it still pours with one hand.",
  },
  {
    id: "noodle-bowl",
    name: "Noodle bowl",
    category: "bowls",
    price: 4200,
    shape: "deepbowl",
    glaze: "night",
    size: "19 cm wide, 1.1 l",
    text: "Steep sides for broth, a wide foot to carry it by. The notch in the rim is for chopsticks.",
  },
  {
    id: "bud-vase",
    name: "Bud vase",
    category: "flowers",
    price: 3400,
    shape: "budvase",
    glaze: "fern",
    size: "13 cm high",
    text: "One stem is enough. Narrow at the neck, heavy at the foot.",
  },
  {
    id: "butter-dish",
    name: "Butter dish",
    category: "plates",
    price: 5200,
    shape: "butter",
    glaze: "oat",
    size: "17 cm long, takes 250 g",
    text: "The lid closes on a groove, so butter stays soft and the cat stays out.",
  },
  {
    id: "carafe",
    name: "Carafe",
    category: "pouring",
    price: 5800,
    shape: "carafe",
    glaze: "rust",
    size: "25 cm high, 1 l",
    text: "For wine that wants air or water that wants company. Unglazed outside below the shoulder, for grip.",
  },
  {
    id: "side-plate",
    name: "Side plate",
    category: "plates",
    price: 2600,
    shape: "sideplate",
    glaze: "sea",
    size: "18 cm wide",
    text: "For bread, for cake, for the half of a sandwich you keep for later.",
  },
];

export const GLAZE_NAMES = {
  oat: "Oat, matt",
  fern: "Fern, satin",
  sea: "Sea, glossy",
  rust: "Rust, matt",
  night: "Night, satin",
};

/** What a list shows of a product. */
function brief({ id, name, category, price, glaze }) {
  return { id, name, category, price, glaze: GLAZE_NAMES[glaze] };
}

export const products = PRODUCTS;

export function listProducts(category) {
  return PRODUCTS.filter((p) => !category || p.category === category).map(
    brief,
  );
}

/** The product with its three neighbours on the shelf, or undefined. */
export function findProduct(id) {
  const index = PRODUCTS.findIndex((p) => p.id === id);
  if (index < 0) return undefined;
  const { size, text, ...rest } = PRODUCTS[index];
  const others = [1, 4, 7].map(
    (step) => PRODUCTS[(index + step) % PRODUCTS.length],
  );
  return { ...brief(rest), size, text, goesWith: others.map(brief) };
}

export function searchProducts(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = (p) =>
    `${p.name} ${p.category} ${p.text} ${GLAZE_NAMES[p.glaze]}`.toLowerCase();
  return PRODUCTS.filter((p) =>
    words.every((word) => haystack(p).includes(word)),
  ).map(brief);
}
