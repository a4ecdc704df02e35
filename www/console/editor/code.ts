// Turns a plain field of text into an editor of definitions: names from the schema, findings at their place.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  indentOnInput,
} from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { completeFrom } from "./complete.js";
import { look } from "./look.js";
import type { Schema } from "./schema.js";
import { editOf, rangeOf } from "./tree.js";

interface Finding {
  is_error: boolean;
  pointer: string;
  code: string;
  message: string;
}

/** `line 3 column 5` of a sentence about broken JSON. */
const PLACE = /line (\d+) column (\d+)/;

/**
 * `<fh-code schema="…" label="…">` with a `<textarea>` in it, which is what there is until this runs. Tells of
 * typing by `input`, like a field; has `value`, `findings` and `readOnly` as properties.
 */
export class Code extends HTMLElement {
  private view: EditorView | undefined;
  private schema: Schema | undefined;
  private readonly locked = new Compartment();

  connectedCallback(): void {
    if (this.view) return;
    const field = this.querySelector("textarea");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":host{display:block;block-size:100%;min-inline-size:0}");
    root.adoptedStyleSheets = [sheet];
    const early = field?.value ?? "";
    const had = document.activeElement === field;
    const at = field?.selectionStart ?? 0;
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: early,
        selection: { anchor: Math.min(at, early.length) },
        extensions: this.extensions(),
      }),
    });
    // What was found before this ran.
    for (const name of ["value", "findings", "readOnly"] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const kept = (this as Record<string, unknown>)[name];
      delete (this as Record<string, unknown>)[name];
      // What was typed meanwhile is newer than what was set.
      if (name !== "value") (this as Record<string, unknown>)[name] = kept;
    }
    if (had) this.view.focus();
    this.fetchSchema();
  }

  private extensions() {
    const label = this.getAttribute("label") ?? "";
    return [
      lineNumbers(),
      foldGutter(),
      lintGutter(),
      history(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({
        override: [completeFrom(() => this.schema)],
        icons: false,
      }),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      json(),
      look,
      EditorState.tabSize.of(2),
      EditorView.lineWrapping,
      // What scrolls must be reached by keyboard, also where nobody may type.
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      this.locked.of(EditorState.readOnly.of(false)),
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
        // Escape, then Tab leaves the editor.
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        const isOurs = update.transactions.some((it) => it.isUserEvent("set"));
        if (!isOurs)
          this.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }),
    ];
  }

  private fetchSchema(): void {
    const url = this.getAttribute("schema");
    if (!url) return;
    fetch(new URL(url, document.baseURI))
      .then((answer) => answer.json())
      .then((schema: Schema) => (this.schema = schema))
      // Without it there is no completion, and everything else works.
      .catch(() => undefined);
  }

  get value(): string {
    return this.view?.state.doc.toString() ?? "";
  }

  /** Replaces everything, as a step that can be undone. */
  set value(text: string) {
    const { view } = this;
    if (!view || text === this.value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      userEvent: "set",
    });
  }

  set readOnly(is: boolean) {
    this.view?.dispatch({
      effects: this.locked.reconfigure([
        EditorState.readOnly.of(is),
        EditorView.editable.of(!is),
      ]),
    });
  }

  /** Findings as JSON. */
  set findings(text: string) {
    const { view } = this;
    if (!view) return;
    const found = JSON.parse(text) as Finding[];
    const diagnostics: Diagnostic[] = found.map((one) => ({
      ...this.place(one),
      severity: one.is_error ? "error" : "warning",
      message: one.message,
      source: one.code,
    }));
    diagnostics.sort((a, b) => a.from - b.from);
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }

  private place({ pointer, message }: Finding): { from: number; to: number } {
    const { state } = this.view as EditorView;
    const [, line, column] = PLACE.exec(message) ?? [];
    if (line && column && Number(line) <= state.doc.lines) {
      const { from, to } = state.doc.line(Math.max(1, Number(line)));
      const start = Math.min(to, from + Math.max(0, Number(column) - 1));
      return { from: Math.min(start, Math.max(from, to - 1)), to };
    }
    return rangeOf(state, pointer);
  }

  /** Shows the place of a pointer, and puts the cursor there. */
  show(pointer: string, message = ""): void {
    const { view } = this;
    if (!view) return;
    const range = this.place({ pointer, message, is_error: true, code: "" });
    view.dispatch({
      selection: { anchor: range.from, head: range.to },
      effects: EditorView.scrollIntoView(range.from, { y: "center" }),
    });
    view.focus();
  }

  /** Writes JSON at a way of names, or takes away what is there; tells of it as of typing. */
  put(way: string[], text: string | undefined): boolean {
    const { view } = this;
    const changes = view && editOf(view.state, way, text);
    if (!changes) return false;
    view.dispatch({ changes, userEvent: "input" });
    return true;
  }

  override focus(): void {
    this.view?.focus();
  }
}
