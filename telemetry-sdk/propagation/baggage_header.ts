import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
} from "@opentelemetry/api";
import { trimBlanks } from "./header_value.ts";
import { percentDecoded, percentEncoded } from "./percent.ts";

/** What the grammar allows; W3C asks for 64 at least. */
const MAX_ENTRIES = 180;
/** W3C asks for this much at least. */
const MAX_LENGTH = 8192;
const MAX_ENTRY_LENGTH = 4096;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
/** What goes into a name as it is: the characters of a token, but for the percent sign. */
const PLAIN_NAME = /^[!#$&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_NAME = /[^!#$&'*+\-.^_`|~0-9A-Za-z]+/g;

/**
 * Reads a `baggage` header. A member that breaks the grammar or a limit is left out, and so is what comes after
 * the first 8,192 characters; the last of those with the same name counts.
 *
 * @param header The header's value.
 * @returns The baggage, or `undefined` where the header has no sound member.
 */
export function parseBaggage(header: string): Baggage | undefined {
  // Without a prototype, so that a member called `__proto__` is nothing but a member.
  const entries: Record<string, BaggageEntry> = Object.create(null);
  let count = 0;
  let start = 0;
  while (start < header.length && count < MAX_ENTRIES) {
    const comma = header.indexOf(",", start);
    const end = comma === -1 ? header.length : comma;
    if (end > MAX_LENGTH) break;
    const entry = end - start > MAX_ENTRY_LENGTH ? undefined : parseEntry(header.slice(start, end));
    if (entry !== undefined) {
      entries[entry[0]] = entry[1];
      count++;
    }
    start = end + 1;
  }
  return count === 0 ? undefined : propagation.createBaggage(entries);
}

function parseEntry(member: string): readonly [string, BaggageEntry] | undefined {
  const semicolon = member.indexOf(";");
  const pair = semicolon === -1 ? member : member.slice(0, semicolon);
  const equals = pair.indexOf("=");
  if (equals === -1) return undefined;
  const name = trimBlanks(pair.slice(0, equals));
  const value = trimBlanks(pair.slice(equals + 1));
  if (!TOKEN.test(name) || !VALUE.test(value)) return undefined;
  const entry: BaggageEntry = { value: percentDecoded(value) };
  if (semicolon !== -1) {
    const properties = soundProperties(member.slice(semicolon + 1));
    if (properties === undefined) return undefined;
    if (properties !== "") entry.metadata = baggageEntryMetadataFromString(properties);
  }
  return [percentDecoded(name), entry];
}

/** The properties without needless blanks, or `undefined` where one of them breaks the grammar. */
function soundProperties(text: string): string | undefined {
  if (TOKEN.test(text)) return text;
  const properties = text.split(";").map(trimBlanks).filter((property) => property !== "");
  return properties.every(isProperty) ? properties.join(";") : undefined;
}

function isProperty(property: string): boolean {
  const equals = property.indexOf("=");
  if (equals === -1) return TOKEN.test(property);
  return TOKEN.test(trimBlanks(property.slice(0, equals))) &&
    VALUE.test(trimBlanks(property.slice(equals + 1)));
}

/** A baggage as it is sent. */
export interface BaggageHeader {
  /** Empty where nothing can be sent. */
  readonly text: string;
  /** Whether an entry, or the metadata of one, had to be left out. */
  readonly incomplete: boolean;
}

/**
 * Writes a baggage within the limits. An entry goes whole or not at all.
 *
 * @param baggage What is to be sent.
 */
export function formatBaggage(baggage: Baggage): BaggageHeader {
  let text = "";
  let count = 0;
  let incomplete = false;
  for (const [name, entry] of baggage.getAllEntries()) {
    const member = formatEntry(name, entry);
    if (member === undefined) {
      incomplete = true;
      continue;
    }
    const longer = text === "" ? member.text : `${text},${member.text}`;
    const fits = count < MAX_ENTRIES && member.text.length <= MAX_ENTRY_LENGTH &&
      longer.length <= MAX_LENGTH;
    incomplete ||= member.incomplete || !fits;
    if (!fits) continue;
    text = longer;
    count++;
  }
  return { text, incomplete };
}

/** Code can put anything into a baggage: what cannot be written is left out, and nothing else with it. */
function formatEntry(name: string, entry: BaggageEntry): BaggageHeader | undefined {
  if (name === "") return undefined;
  try {
    const pair = `${encodedName(name)}=${percentEncoded(String(entry.value))}`;
    const properties = entry.metadata && soundProperties(String(entry.metadata.toString()));
    return {
      text: properties ? `${pair};${properties}` : pair,
      incomplete: entry.metadata !== undefined && properties === undefined,
    };
  } catch {
    return undefined;
  }
}

/** W3C wants a name to be a token; others encode names as they do values, and so is it done here. */
function encodedName(name: string): string {
  if (PLAIN_NAME.test(name)) return name;
  return name.toWellFormed().replaceAll(
    NOT_IN_NAME,
    (text) => percentEncoded(text).replaceAll("(", "%28").replaceAll(")", "%29"),
  );
}
