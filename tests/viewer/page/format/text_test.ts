import assert from "node:assert/strict";
import { clip, visibleText } from "../../../../viewer/page/format/text.ts";

Deno.test("visibleText() shows what turns or hides text, and leaves lines and tabs", () => {
  assert.equal(visibleText("a\u202eb\u200bc\u0000d\ufeff"), "a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩d⟨U+FEFF⟩");
  assert.equal(visibleText("one\n\ttwo Grüße 日本 👩"), "one\n\ttwo Grüße 日本 👩");
  assert.equal(visibleText("\u001b[31mred"), "⟨U+001B⟩[31mred");
});

Deno.test("clip() cuts no character in two", () => {
  assert.equal(clip("abc", 3), "abc");
  assert.equal(clip("abcd", 3), "abc");
  assert.equal(clip("ab👩d", 3), "ab");
  assert.equal(clip("ab👩d", 4), "ab👩");
});
