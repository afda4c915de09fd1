/** A text as a QR code, drawn by ourselves: black on white, whatever the page's colours are. */
import encodeQR from "qr";

/** Four modules of white around, as ISO/IEC 18004 wants it, in a dark room too. */
const QUIET = 4;

interface Shown {
  text: string;
  name: string;
  /** Whole pixels a module, so that all modules are equal on any screen. */
  pixels?: number;
}

export function QrCode({ text, name, pixels = 5 }: Shown) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  const dark = rows.flatMap((row, y) => row.map((set, x) => (set ? `M${x} ${y}h1v1h-1z` : "")));
  return (
    <svg
      className="qr"
      role="img"
      width={rows.length * pixels}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
    >
      <title>{name}</title>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={dark.join("")} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
