/**
 * What the type checker knows of the rows: each argument's type to a script, as text.
 *
 * @module
 */
import ts from "typescript";

/** One argument or result of a call. */
export interface ArgumentText {
  /** Its name. */
  readonly name: string;
  /** What it is to a script, as its kind says. */
  readonly role: string;
  /** Its type, as text. */
  readonly type: string;
}

/** One call. */
export interface RowText {
  /** Its name in a script. */
  readonly name: string;
  /** Its arguments and results in the order of the row. */
  readonly args: readonly ArgumentText[];
  /** The names of the statuses it can fail with. */
  readonly errors: readonly string[];
}

/** All calls, and where the types are declared that their texts may name. */
export interface RowTexts {
  /** The calls in the order of their names. */
  readonly rows: readonly RowText[];
  /** The file of each type by name. */
  readonly files: ReadonlyMap<string, string>;
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  types: [],
};

/** Read the types of an exported table of rows. */
export function readRowTypes(file: string, table: string): RowTexts {
  const program = ts.createProgram([file], OPTIONS);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === table);
  if (!symbol) throw new Error(`${file} exports no ${table}`);
  return new RowReader(checker).read(checker.getTypeOfSymbol(symbol));
}

class RowReader {
  readonly #checker: ts.TypeChecker;
  readonly #files = new Map<string, string>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  read(table: ts.Type): RowTexts {
    const rows = table.getProperties().map((property) => this.#row(property));
    return { rows: rows.sort((a, b) => a.name < b.name ? -1 : 1), files: this.#files };
  }

  #row(property: ts.Symbol): RowText {
    const row = this.#checker.getTypeOfSymbol(property);
    const kinds = this.#property(row, "args").getProperties();
    const args = kinds.map((kind) => this.#argument(kind));
    const own = this.#literals(this.#elementOf(this.#property(row, "errors")));
    const errors = new Set([...own, ...kinds.flatMap((kind) => this.#errorsOf(kind))]);
    return { name: property.name, args, errors: [...errors].sort() };
  }

  #argument(symbol: ts.Symbol): ArgumentText {
    const kind = this.#checker.getTypeOfSymbol(symbol);
    const [role] = this.#literals(this.#property(kind, "role"));
    const type = this.#checker.getNonNullableType(this.#property(kind, "script"));
    this.#findNames(type);
    return { name: symbol.name, role: role!, type: this.#text(type) };
  }

  #errorsOf(symbol: ts.Symbol): string[] {
    const kind = this.#checker.getTypeOfSymbol(symbol);
    return this.#literals(this.#elementOf(this.#property(kind, "errors")));
  }

  #property(type: ts.Type, name: string): ts.Type {
    return this.#checker.getTypeOfSymbol(type.getProperty(name)!);
  }

  #elementOf(list: ts.Type): ts.Type {
    return this.#checker.getTypeArguments(list as ts.TypeReference)[0]!;
  }

  #literals(type: ts.Type): string[] {
    const parts = type.isUnion() ? type.types : [type];
    return parts.filter((part) => part.isStringLiteral()).map((part) => part.value);
  }

  #text(type: ts.Type): string {
    const { NoTruncation, InTypeAlias, UseAliasDefinedOutsideCurrentScope } = ts.TypeFormatFlags;
    const flags = NoTruncation | InTypeAlias | UseAliasDefinedOutsideCurrentScope;
    return this.#checker.typeToString(type, undefined, flags)
      .replaceAll("Uint8Array<ArrayBufferLike>", "Uint8Array");
  }

  /** Remember where the types are declared that a type's text names. */
  #findNames(type: ts.Type): void {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const file = symbol?.declarations?.[0]?.getSourceFile();
    if (
      symbol && file && !file.fileName.includes("/typescript/") && !symbol.name.startsWith("__")
    ) {
      this.#files.set(symbol.name, file.fileName);
    }
    for (const one of type.aliasTypeArguments ?? this.#innerTypes(type)) this.#findNames(one);
  }

  #innerTypes(type: ts.Type): readonly ts.Type[] {
    if (type.isUnionOrIntersection()) return type.types;
    const isReference = ((type as ts.ObjectType).objectFlags ?? 0) & ts.ObjectFlags.Reference;
    return isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
  }
}
