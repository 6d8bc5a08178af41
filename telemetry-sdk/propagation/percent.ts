const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What `encodeURIComponent` leaves alone; most values are made of nothing else. */
const UNRESERVED = /^[\w\-.!~*'()]*$/;
const ESCAPE = /^%[0-9A-Fa-f]{2}$/;

/**
 * Decodes percent-encoded UTF-8. As W3C Baggage wants it, octets that are no UTF-8 become U+FFFD; a percent sign
 * that begins no escape stands for itself.
 *
 * @param text ASCII.
 */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return decoder.decode(octets(text));
  }
}

function octets(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const escape = text.slice(index, index + 3);
    if (ESCAPE.test(escape)) {
      bytes.push(Number.parseInt(escape.slice(1), 16));
      index += 2;
    } else {
      bytes.push(text.charCodeAt(index));
    }
  }
  return Uint8Array.from(bytes);
}

/** Percent-encodes everything but letters, digits and nine signs; half a surrogate pair becomes U+FFFD. */
export function percentEncoded(text: string): string {
  return UNRESERVED.test(text) ? text : encodeURIComponent(text.toWellFormed());
}
