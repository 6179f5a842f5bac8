// What the hosts' own parsers make of the files in a folder, as JSON: node parse.mjs HOST FOLDER
import { readFileSync } from "node:fs";

const [host, folder] = process.argv.slice(2);
const readers = {
  async netlify() {
    const { parseAllHeaders } = await import("@netlify/headers-parser");
    const { parseAllRedirects } = await import("@netlify/redirect-parser");
    return {
      headers: await parseAllHeaders({ headersFiles: [`${folder}/_headers`], configHeaders: [], minimal: true }),
      redirects: await parseAllRedirects({ redirectsFiles: [`${folder}/_redirects`], configRedirects: [], minimal: true }),
    };
  },
  async vercel() {
    const { default: utils } = await import("@vercel/routing-utils");
    return utils.getTransformedRoutes(JSON.parse(readFileSync(`${folder}/vercel.json`, "utf8")));
  },
};
console.log(JSON.stringify(await readers[host]()));
