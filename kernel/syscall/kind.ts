/**
 * Kinds of arguments: how a register, or a value of a script, becomes what a call works with.
 *
 * A kind cannot fail, or its good values are objects or non-negative numbers; so a negative number
 * from a kind that declares errors always is one.
 *
 * @module
 */
import {
  type Failure,
  objectTypeName,
  PolicyCondition,
  rightsText,
  Status,
  type StatusName,
} from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { KernelObject } from "../object/object.ts";
import { enforcePolicy, punish } from "../task/enforcement.ts";
import type { Call } from "./call.ts";
import { isExact, type Shape } from "./shape.ts";

/**
 * What an argument is to a script: something it must give, something it may leave out, a length that
 * is known from another argument, a result, or a check that takes no register at all.
 */
export type KindRole = "in" | "optional" | "length" | "out" | "check";

/** How much of the caller's memory an argument is the address of. */
export interface Reach {
  /** So many bytes, or so many for each of what `count` counts. */
  readonly unit: number;
  /** The argument that counts. */
  readonly count?: string;
}

/** How one register becomes one argument. `T` is what the row gets, `S` what a script gives or gets. */
export interface Kind<T, S, Role extends KindRole, E extends StatusName> {
  /** What the manual calls it. */
  readonly label: string;
  /** What it is to a script. */
  readonly role: Role;
  /** How it can be refused. */
  readonly errors: readonly E[];
  /** The handle it demands, for the tests that are computed from rows. */
  readonly demands?: { readonly type: string; readonly rights: number; readonly or: number };
  /** How a register is read: as 64 bits without sign, unless told; `wide` is exact, as a bigint. */
  readonly width?: "low" | "signed" | "wide";
  /** Only a type: what a script gives or gets. */
  readonly script?: S;
  /** For a length: the argument whose length it is. */
  readonly lengthOf?: string;
  /** For what a script may leave out: what it is then. */
  readonly otherwise?: unknown;
  /** How what a script gives must look; a number as wide as the register, unless told. */
  readonly shape?: Shape;
  /** What it reads, or fills in, of the caller's memory, which may have to be brought first. */
  readonly reach?: Reach;
  /** It takes something from the caller, and does so even when another argument is refused. */
  readonly consumes?: true;
  /** It has no register of its own, but lies in the memory of another argument. */
  readonly within?: true;
  /** Turn what came into what the row works with, or say why not. */
  decode(raw: unknown, call: Call, name: string): T | typeof Status[E];
}

/**
 * A kind whose way to refuse is an argument of its maker, which the type checker cannot follow: it
 * promises to answer no failure but those it lists.
 */
export function refusing<T, S, Role extends KindRole, E extends StatusName>(
  kind: Omit<Kind<T, S, Role, E>, "decode"> & {
    decode(raw: unknown, call: Call, name: string): T | Failure;
  },
): Kind<T, S, Role, E> {
  return kind as Kind<T, S, Role, E>;
}

/** No other rights will do. */
const NOTHING = 0;

type HandleErrors = "BAD_HANDLE" | "WRONG_TYPE" | "ACCESS_DENIED";

/** A class of objects, whoever may construct them. */
export interface ObjectClass<T extends KernelObject> {
  /** What the type checker knows its instances by. */
  readonly prototype: T;
  /** Its name, such as `Channel`. */
  readonly name: string;
  /** Whether something is an instance. */
  [Symbol.hasInstance](value: unknown): boolean;
}

/** A handle with the object it names, the type known. */
export interface Held<T extends KernelObject> {
  /** The handle. */
  readonly handle: Handle;
  /** Its object. */
  readonly object: T;
  /** Its value in the caller's table. */
  readonly value: number;
}

/** A handle to an object of this class with these rights, or with those others: the object. */
export function handle<T extends KernelObject>(
  type: ObjectClass<T>,
  rights: number,
  or = NOTHING,
): Kind<T, number, "in", HandleErrors> {
  const wanted = new Wanted(type, rights, or);
  return {
    label: `${type.name} handle (${rightsText(rights)})`,
    role: "in",
    errors: handleErrors(type, rights),
    width: "low",
    demands: { type: type.name, rights, or },
    decode(raw, call, name) {
      const found = lookUp(call, name, raw as number, wanted);
      return typeof found === "number" ? found : found.object as T;
    },
  };
}

/** The same, where the row needs the handle as well as the object. */
export function held<T extends KernelObject>(
  type: ObjectClass<T>,
  rights: number,
): Kind<Held<T>, number, "in", HandleErrors> {
  const wanted = new Wanted(type, rights, NOTHING);
  return {
    ...handle(type, rights),
    decode(raw, call, name) {
      const value = raw as number;
      const found = lookUp(call, name, value, wanted);
      if (typeof found === "number") return found;
      return { handle: found, object: found.object as T, value };
    },
  } as Kind<Held<T>, number, "in", HandleErrors>;
}

/** A handle as a bare number, that the row looks up itself. */
export const handleValue: Kind<number, number, "in", never> = {
  label: "handle",
  role: "in",
  errors: [],
  width: "low",
  decode: (raw) => (raw as number) >>> 0,
};

/** A number of 32 bits. */
export const u32: Kind<number, number, "in", never> = {
  label: "u32",
  role: "in",
  errors: [],
  width: "low",
  decode: (raw) => (raw as number) >>> 0,
};

/** The same, where a script may leave it out. */
export function u32Or(otherwise: number): Kind<number, number, "optional", never> {
  return { ...u32, role: "optional", otherwise } as Kind<number, number, "optional", never>;
}

/** A signed number of 64 bits; exact up to 2^53. */
export const i64: Kind<number, number, "in", never> = {
  label: "i64",
  role: "in",
  errors: [],
  width: "signed",
  decode: (raw) => raw as number,
};

/** An unsigned number of 64 bits, such as a size or an address; exact up to 2^53. */
export const u64: Kind<number, number, "in", never> = {
  label: "u64",
  role: "in",
  errors: [],
  decode: (raw) => raw as number,
};

/** The same, where a script may leave it out. */
export function u64Or(otherwise: number): Kind<number, number, "optional", never> {
  return { ...u64, role: "optional", otherwise } as Kind<number, number, "optional", never>;
}

/** An unsigned number of 64 bits, all of them exact, such as the key of a packet. */
export const u64Exact: Kind<bigint, bigint | number, "in", never> = {
  label: "u64",
  role: "in",
  errors: [],
  width: "wide",
  shape: isExact,
  decode: (raw) => BigInt.asUintN(64, BigInt(raw as bigint | number)),
};

/** A signed number of 64 bits, all of them exact. */
export const i64Exact: Kind<bigint, bigint | number, "in", never> = {
  ...u64Exact,
  label: "i64",
  decode: (raw) => BigInt.asIntN(64, BigInt(raw as bigint | number)),
};

/** A time in nanoseconds; for a script without one, never. */
export const deadline: Kind<number, number, "optional", never> = {
  label: "deadline",
  role: "optional",
  errors: [],
  otherwise: Infinity,
  width: "signed",
  decode(raw) {
    const time = raw as number;
    // Beyond some 292 years no time is told apart from never.
    return time >= 2 ** 63 - 1024 ? Infinity : time;
  },
};

/** Options, of which only some bits may be set; others are answered with INVALID_ARGS unless told. */
export function options(mask: number): Kind<number, number, "optional", "INVALID_ARGS">;
/** The same, where another status refuses. */
export function options<E extends StatusName>(
  mask: number,
  otherwise: E,
): Kind<number, number, "optional", E>;
/** The one way to make both. */
export function options(
  mask: number,
  otherwise: StatusName = "INVALID_ARGS",
): Kind<number, number, "optional", StatusName> {
  return {
    label: mask === 0 ? "options, must be 0" : `options within 0x${(mask >>> 0).toString(16)}`,
    role: "optional",
    errors: [otherwise],
    otherwise: 0,
    width: "low",
    decode(raw) {
      const bits = (raw as number) >>> 0;
      return (bits & ~mask) === 0 ? bits : Status[otherwise];
    },
  };
}

/** No register, but a question to the caller's policy: may it make one of these? */
export function allowedBy(condition: PolicyCondition): Kind<0, never, "check", "ACCESS_DENIED"> {
  return {
    label: "policy",
    role: "check",
    errors: ["ACCESS_DENIED"],
    decode: (_raw, call) => enforcePolicy(call, condition),
  };
}

/** How a handle can be refused: a type or rights that every handle has refuse none. */
function handleErrors(type: ObjectClass<KernelObject>, rights: number): HandleErrors[] {
  const errors: HandleErrors[] = ["BAD_HANDLE"];
  if (type.prototype !== KernelObject.prototype) errors.push("WRONG_TYPE");
  if (rights !== 0) errors.push("ACCESS_DENIED");
  return errors;
}

/** What a handle must name, and the rights it must have. */
class Wanted {
  readonly type: ObjectClass<KernelObject>;
  readonly rights: number;
  readonly or: number;
  /** By the number of an object's type: whether its class is the wanted one or below it. */
  readonly #verdicts: (boolean | undefined)[] = [];

  constructor(type: ObjectClass<KernelObject>, rights: number, or: number) {
    this.type = type;
    this.rights = rights;
    this.or = or;
  }

  /** Whether it is an object that is wanted; what is once known of a type is remembered. */
  fits(object: KernelObject): boolean {
    return this.#verdicts[object.type] ??= object instanceof this.type;
  }
}

/** The handle with this value, if it is of the class and has the rights: in that order. */
function lookUp(
  call: Call,
  argument: string,
  value: number,
  wanted: Wanted,
): Handle | typeof Status[HandleErrors] {
  const found = call.process.handleTable.get(value);
  if (!found) return badHandle(call, argument, value);
  call.realm.witness?.looked(found.object);
  if (!wanted.fits(found.object)) return wrongType(call, argument, found.object, wanted);
  const { rights, or } = wanted;
  if (found.has(rights) || (or !== NOTHING && found.has(or))) return found;
  call.lacks(argument, found, rights);
  return Status.ACCESS_DENIED;
}

function wrongType(call: Call, argument: string, object: KernelObject, { type }: Wanted) {
  call.deny({
    argument,
    koid: object.koid,
    type: object.label,
    status: Status.WRONG_TYPE,
    wanted: type.name,
    held: objectTypeName(object.type),
    rule: `${argument} must name an object of type ${type.name}`,
    grant: `a handle to another object, of type ${type.name}`,
  });
  return Status.WRONG_TYPE;
}

/** Refuse a value that is no handle of the caller's. */
export function badHandle(
  call: Call,
  argument: string,
  value: number,
): typeof Status["BAD_HANDLE"] {
  call.deny({
    status: Status.BAD_HANDLE,
    argument,
    koid: 0,
    type: "none",
    wanted: "a handle",
    held: `0x${(value >>> 0).toString(16)}, which names nothing in this process`,
    rule: `${argument} must be a handle that the process holds`,
    grant: "a handle that is open",
  });
  // Only a value that could have been a handle is an offence; the invalid handle never is.
  if (value !== 0) punish(call.thread, PolicyCondition.BAD_HANDLE);
  return Status.BAD_HANDLE;
}
