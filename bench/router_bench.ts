import { Router } from "../framework/router/router.ts";

const RESOURCES = ["orders", "products", "users", "carts", "invoices", "reviews", "tags", "shops"];

const router = new Router<number>();
const patterns = RESOURCES.flatMap((name) => [
  `/${name}`,
  `/${name}/:id`,
  `/${name}/:id/items/:item`,
  `/api/v1/${name}/**`,
]);
patterns.forEach((pattern, index) => router.add("GET", pattern, index));

const urlPatterns = patterns.map((pathname) =>
  new URLPattern({ pathname: pathname.replace("**", "*") })
);

const PATHS = [
  ["static", "/tags"],
  ["parameter", "/tags/7"],
  ["two parameters", "/tags/7/items/8"],
  ["wildcard", "/api/v1/tags/a/b/c"],
  ["no match", "/nowhere/at/all"],
] as const;

for (const [group, path] of PATHS) {
  Deno.bench(
    `${group}: a list of URLPatterns`,
    { group: `router, ${group}`, baseline: true },
    () => {
      const input = { pathname: path };
      for (const pattern of urlPatterns) if (pattern.exec(input) !== null) return;
    },
  );
  Deno.bench(`${group}: Router`, { group: `router, ${group}` }, () => {
    router.match("GET", path);
  });
}
