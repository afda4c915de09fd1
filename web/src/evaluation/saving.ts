/** A text that becomes a file on this computer. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file after the click; a moment later it has it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
