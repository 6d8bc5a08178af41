import { join } from "node:path";

/** A certificate for this machine, and the folder that goes with it when it is disposed of. */
export interface Certificate extends AsyncDisposable {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes a certificate for "localhost" that nobody vouches for, by the program openssl. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = await Deno.makeTempDir({ prefix: "echelon-certificate-" });
  const certFile = join(folder, "cert.pem");
  const keyFile = join(folder, "key.pem");
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", keyFile, "-out", certFile, "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      // Deno takes no certificate of an authority for that of a server.
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ],
  }).output();
  if (!success) throw new Error(`No certificate: ${new TextDecoder().decode(stderr)}`);
  return {
    certFile,
    keyFile,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
