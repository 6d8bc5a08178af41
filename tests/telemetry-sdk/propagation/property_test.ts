/**
 * Thousands of generated contexts and headers: always the same ones, or others by `PROPERTY_SEED`.
 * A failure names the seed.
 */
import assert from "node:assert/strict";
import {
  type BaggageEntry,
  baggageEntryMetadataFromString,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from "@opentelemetry/api";
import { createPropagator } from "../../../telemetry-sdk/propagation/propagator.ts";
import { StrictTraceState } from "../../../telemetry-sdk/propagation/trace_state.ts";
import { contextWith, extractFrom, injectedBy } from "./_carrier.ts";
import { withDiag } from "./_diag.ts";
import { Random } from "./_random.ts";

const SEED = Number(Deno.env.get("PROPERTY_SEED")) || 1;
const ROUNDS = 2000;
const HEX = "0123456789abcdef";
const KEY = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@";
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(
  "",
);

const MEMBER = "[a-z\\d][a-z\\d_*/@-]{0,255}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]";
const TOKEN = "[!#-'*+.^-z|~\\dA-Z-]+";
const OCTETS = "[!#-+\\--:<-[\\]-~]*";
const ENTRY = `${TOKEN}=${OCTETS}(?:;${TOKEN}(?:[ \\t]*=[ \\t]*${OCTETS})?)*`;

/** What each header has to look like, written from the specifications and not from the code. */
const VALID: Readonly<Record<string, RegExp>> = {
  traceparent: /^00-(?!0+-)[0-9a-f]{32}-(?!0+-)[0-9a-f]{16}-0[0-3]$/,
  tracestate: new RegExp(`^${MEMBER}(?:,${MEMBER}){0,31}$`),
  baggage: new RegExp(`^(?!.{8193})${ENTRY}(?:,${ENTRY}){0,179}$`),
  b3: /^(?!0+-)[0-9a-f]{32}-(?!0+-)[0-9a-f]{16}-[01d]$/,
  "x-b3-traceid": /^(?!0+$)[0-9a-f]{32}$/,
  "x-b3-spanid": /^(?!0+$)[0-9a-f]{16}$/,
  "x-b3-sampled": /^[01]$/,
  "x-b3-flags": /^1$/,
};

function assertValid(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    assert.match(value, VALID[name] ?? assert.fail(`"${name}" is no header of ours`));
  }
}

function assertValidSpan(span: SpanContext): void {
  assert.match(span.traceId, /^(?!0+$)[0-9a-f]{32}$/);
  assert.match(span.spanId, /^(?!0+$)[0-9a-f]{16}$/);
  assert.equal(span.traceFlags & ~3, 0);
  assert.equal(span.isRemote, true);
}

function randomId(random: Random, length: number): string {
  return random.text(HEX, length - 1) + random.pick(HEX.slice(1));
}

function randomState(random: Random): StrictTraceState {
  const members = Array.from({ length: random.below(34) }, () => {
    const value = random.text(PRINTABLE, random.below(20)).replaceAll(/[,=]/g, "");
    return `${random.pick(HEX)}${random.text(KEY, random.below(12))}=${value}x`;
  });
  return new StrictTraceState(members.join(random.pick([",", " ,\t", ",,"])));
}

function randomBaggage(random: Random): Record<string, BaggageEntry> {
  const entries = Array.from({ length: random.below(8) }, () => {
    const metadata = random.pick(["", "p", "p=1;q", " p ; q ", "\r\n", "a b"]);
    return [random.anyText(1 + random.below(6)).toWellFormed(), {
      value: random.anyText(random.below(12)).toWellFormed(),
      ...(metadata !== "" && { metadata: baggageEntryMetadataFromString(metadata) }),
    }] as const;
  });
  return Object.fromEntries(entries);
}

function randomContext(random: Random): Context {
  const context = contextWith({
    traceId: randomId(random, 32),
    spanId: randomId(random, 16),
    traceFlags: random.below(2),
    traceState: randomState(random),
  });
  return propagation.setBaggage(context, propagation.createBaggage(randomBaggage(random)));
}

/** Rubbish that looks like a header, and a sound header with something wrong in it. */
function randomHeader(random: Random, sound: string | undefined): string | string[] {
  const alphabet = random.pick([HEX, `${HEX}-`, `${KEY}=, \t`, PRINTABLE]);
  const rubbish = random.below(8) === 0
    ? random.anyText(random.below(80))
    : random.text(alphabet, random.below(120));
  if (sound === undefined || random.below(4) === 0) {
    return random.below(10) === 0 ? [rubbish, rubbish] : rubbish;
  }
  const at = random.below(sound.length + 1);
  const insert = random.pick([
    "",
    "0",
    ",",
    ";",
    "%",
    "-",
    " ",
    "\t",
    "\n",
    "\0",
    "é",
    "\ud800",
    "=",
  ]);
  return sound.slice(0, at) + insert + sound.slice(at + random.below(3));
}

function forRounds(run: (random: Random) => void): void {
  const random = new Random(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    try {
      run(random);
    } catch (cause) {
      throw new Error(`Round ${round} with PROPERTY_SEED=${SEED}`, { cause });
    }
  }
}

Deno.test("extract() finds what inject() wrote", () => {
  const propagator = createPropagator(["tracecontext", "baggage"]);
  const zipkin = [createPropagator(["b3"]), createPropagator(["b3multi"])];
  withDiag(() =>
    forRounds((random) => {
      const context = randomContext(random);
      const headers = injectedBy(propagator, context);
      assertValid(headers);
      const found = extractFrom(propagator, headers);
      const { traceState, ...span } = trace.getSpanContext(context) ?? assert.fail();
      const { traceState: foundState, ...foundSpan } = trace.getSpanContext(found) ?? assert.fail();
      assert.deepEqual(foundSpan, { ...span, isRemote: true });
      assert.equal(foundState?.serialize() ?? "", traceState?.serialize());
      const values = (ctx: Context) =>
        (propagation.getBaggage(ctx)?.getAllEntries() ?? []).map((
          [name, { value }],
        ) => [name, value]);
      assert.deepEqual(values(found), values(context));
      assert.deepEqual(injectedBy(propagator, found), headers);
      for (const b3 of zipkin) {
        const written = injectedBy(b3, context);
        assertValid(written);
        const b3Span = trace.getSpanContext(extractFrom(b3, written));
        assert.deepEqual(b3Span, { ...span, isRemote: true });
      }
    })
  );
});

Deno.test("extract() never throws, and never finds an invalid span in rubbish", () => {
  let found = 0;
  const said = withDiag(() =>
    forRounds((random) => {
      const propagator = createPropagator([
        random.pick(["tracecontext", "b3", "b3multi"] as const),
        "baggage",
      ]);
      const sound = {
        ...injectedBy(createPropagator(["tracecontext", "baggage"]), randomContext(random)),
        ...injectedBy(createPropagator(["b3"]), randomContext(random)),
        ...injectedBy(createPropagator(["b3multi"]), randomContext(random)),
      };
      const headers = Object.fromEntries(
        Object.keys(VALID).map((name) => [
          name,
          // One sound header beside, or the broken ones would never be read to their end.
          random.below(3) === 0 ? sound[name] : randomHeader(random, sound[name]),
        ]),
      );
      const context = extractFrom(propagator, headers, ROOT_CONTEXT);
      const span = trace.getSpanContext(context);
      if (span !== undefined) {
        found++;
        assertValidSpan(span);
      }
      assertValid(injectedBy(propagator, context));
    })
  );
  assert.deepEqual(said.filter((line) => /failed in/.test(line)), []);
  assert.ok(found > ROUNDS / 10, `only ${found} of ${ROUNDS} headers were sound enough to be read`);
});

Deno.test("inject() writes valid headers whatever is in the context", () => {
  const propagator = createPropagator(["tracecontext", "baggage", "b3", "b3multi"]);
  const said = withDiag(() =>
    forRounds((random) => {
      const context = contextWith({
        traceId: random.pick([
          randomId(random, 32).toUpperCase(),
          random.anyText(32),
          "0".repeat(32),
        ]),
        spanId: random.pick([randomId(random, 16).toUpperCase(), random.anyText(16)]),
        traceFlags: random.pick([0, 1, 255, -1, NaN, 2 ** 40]),
        traceState: randomState(random).set(random.anyText(3), random.anyText(5)),
      });
      const entries = Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [
          random.anyText(random.below(5)),
          { value: random.anyText(random.below(9)) },
        ]),
      );
      const baggage = propagation.createBaggage(entries);
      assertValid(injectedBy(propagator, propagation.setBaggage(context, baggage)));
    })
  );
  assert.deepEqual(said.filter((line) => /failed in/.test(line)), []);
});
