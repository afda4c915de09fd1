/** Links to pictures are signed anew each time they are asked for, and run out. */

/** Whether both lead to the same picture, whenever they were signed. */
export function samePicture(one: string, other: string): boolean {
  return unsigned(one) === unsigned(other);
}

function unsigned(link: string): string {
  // What a page made itself has no signature, and every part of it counts.
  if (/^(blob|data):/.test(link)) return link;
  return link.split("?", 1)[0] ?? link;
}
