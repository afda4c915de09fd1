/** Which images are before the reader: what the system says less what he has done since. */
import type { Assignment } from "./queries";

/** A link that was fetched already is worth more than one signed anew. */
export class Links {
  private readonly held = new Map<string, { link: string; at: number }>();

  constructor(private readonly life: number) {}

  /** The same assignments, each by the link that it was first seen with, while that lives. */
  steady(items: readonly Assignment[], now: number): Assignment[] {
    return items.map((item) => {
      const held = this.held.get(item.assignment_id);
      if (held && now - held.at < this.life) return { ...item, image_url: held.link };
      this.held.set(item.assignment_id, { link: item.image_url, at: now });
      return item;
    });
  }

  forget(assignmentId: string): void {
    this.held.delete(assignmentId);
  }
}

/** What is left, the one he looks at first, so that a new list never takes it from him. */
export function left(
  items: readonly Assignment[],
  gone: ReadonlySet<string>,
  current: string | null,
): Assignment[] {
  const open = items.filter((item) => !gone.has(item.assignment_id));
  const first = open.filter((item) => item.assignment_id === current);
  return [...first, ...open.filter((item) => item.assignment_id !== current)];
}
