/** The shop's front page: what there is to try. */
export function homePage(): string {
  const routes = [
    ["GET", "/products", "what the shop sells, from the cache while it is fresh"],
    ["POST", "/login", "log in: {username: demo, password: demo-password}"],
    ["POST", "/orders", "place an order: {product, quantity}; its receipt is a job"],
    ["GET", "/orders", "every order"],
    ["POST", "/orders/:id/pay", "pay one"],
    ["GET", "/admin", "the jobs, for who has the role admin"],
    ["GET", "/fail", "a request that fails"],
    ["GET", "/slow", "one that takes its time"],
    ["GET", "/stream", "one that answers in pieces"],
    ["GET", "/health", "for a load balancer"],
    ["GET", "/metrics", "for Prometheus"],
  ];
  const rows = routes
    .map(([method, path, what]) => `<tr><td>${method}</td><td>${path}</td><td>${what}</td></tr>`)
    .join("\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tea shop</title>
<link rel="stylesheet" href="/static/shop.css">
<h1>Tea shop</h1>
<p>The example service of Echelon. Every request here becomes a trace.</p>
<table>
${rows}
</table>
</html>
`;
}
