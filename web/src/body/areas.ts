/** Which part of the body a point of the drawing shows, and what the survey's form calls it. */
import type { Site } from "../api/contract";

/** Finer than the form's six sites: what is said of a spot in words. */
export type Area =
  | "scalp"
  | "forehead"
  | "temple"
  | "eyelid"
  | "nose"
  | "lips"
  | "chin"
  | "cheek"
  | "ear"
  | "face"
  | "occiput"
  | "neck"
  | "nape"
  | "chest"
  | "abdomen"
  | "groin"
  | "genitals"
  | "upper_back"
  | "lower_back"
  | "buttock"
  | "shoulder"
  | "upper_arm"
  | "elbow"
  | "forearm"
  | "wrist"
  | "palm"
  | "hand_back"
  | "thumb"
  | "index_finger"
  | "middle_finger"
  | "ring_finger"
  | "little_finger"
  | "thigh_front"
  | "thigh_back"
  | "knee"
  | "knee_hollow"
  | "shin"
  | "calf"
  | "ankle"
  | "foot_top"
  | "toes"
  | "ball"
  | "arch"
  | "heel";

export interface Named {
  site: Site;
  area: Area;
}

const of = (site: Site, area: Area): Named => ({ site, area });

/** Below the armpits the arms hang free of the trunk and the hips. */
function isArm(dx: number, y: number): boolean {
  return y >= 98 && dx > (y < 165 ? 40 : 44);
}

function arm(y: number, isFront: boolean): Named {
  if (y > 252) return isFront ? of("palms_soles", "palm") : of("arms", "hand_back");
  if (y > 238) return of("arms", "wrist");
  if (y > 200) return of("arms", "forearm");
  if (y > 176) return of("arms", "elbow");
  return of("arms", y > 118 ? "upper_arm" : "shoulder");
}

/** A body seen from in front; `dx` is the distance from its middle line. */
export function front(dx: number, y: number): Named {
  if (y < 90) {
    if (y > 77 - dx * 0.5 && y > 66) return of("head_neck", "neck");
    return of("head_neck", y < 24 ? "scalp" : y < 35 ? "forehead" : dx > 20.5 ? "ear" : "face");
  }
  if (isArm(dx, y)) return arm(y, true);
  if (dx <= 11 && y >= 238 && y <= 264) return of("genitals", "genitals");
  if (y > 260 - dx * 1.05) {
    if (y < 334) return of("legs", "thigh_front");
    if (y < 363) return of("legs", "knee");
    if (y < 430) return of("legs", "shin");
    return of("legs", y < 447 ? "ankle" : "foot_top");
  }
  return of("torso", y < 150 ? "chest" : y < 222 ? "abdomen" : "groin");
}

export function back(dx: number, y: number): Named {
  if (y < 90) {
    if (y > 68) return of("head_neck", "nape");
    return of("head_neck", y < 30 ? "scalp" : dx > 20.5 ? "ear" : "occiput");
  }
  if (isArm(dx, y)) return arm(y, false);
  if (y > (dx < 30 ? 266 : 258)) {
    if (y < 338) return of("legs", "thigh_back");
    if (y < 360) return of("legs", "knee_hollow");
    if (y < 430) return of("legs", "calf");
    return of("legs", y < 447 ? "ankle" : "heel");
  }
  return of("torso", y < 165 ? "upper_back" : y < 224 ? "lower_back" : "buttock");
}

export function face(dx: number, y: number): Named {
  if (y > 170 - dx * 0.53) return of("head_neck", "neck");
  if (dx > 47 && y > 80) return of("head_neck", "ear");
  if (y < 34) return of("head_neck", "scalp");
  if (y < 76) return of("head_neck", dx > 36 ? "temple" : "forehead");
  if (y < 98 && dx > 9 && dx < 36) return of("head_neck", "eyelid");
  if (y < 128 && dx < 12) return of("head_neck", "nose");
  if (y > 130 && y < 150 && dx < 19) return of("head_neck", "lips");
  return of("head_neck", y >= 150 ? "chin" : "cheek");
}

export function nape(dx: number, y: number): Named {
  if (y > 151) return of("head_neck", "nape");
  if (dx > 47 && y > 80) return of("head_neck", "ear");
  return of("head_neck", y < 62 ? "scalp" : "occiput");
}

/** The right side of a head, which looks to the right. */
export function profile(x: number, y: number): Named {
  if (y > 150) return of("head_neck", x < 42 ? "nape" : "neck");
  if (x > 41 && x < 59 && y > 75 && y < 111) return of("head_neck", "ear");
  if (x < 50) return of("head_neck", y < 75 && x > 26 ? "scalp" : "occiput");
  if (y < 34) return of("head_neck", "scalp");
  if (y < 78) return of("head_neck", x > 84 ? "forehead" : "temple");
  if (x > 96 && y < 108) return of("head_neck", "nose");
  if (x > 82 && y < 95) return of("head_neck", "eyelid");
  if (x > 86 && y > 108 && y < 127) return of("head_neck", "lips");
  return of("head_neck", x > 80 && y >= 127 ? "chin" : "cheek");
}

function finger(x: number, y: number): Area | null {
  if (y < 170 && x > 84 + Math.max(0, (y - 140) * 0.3)) return "thumb";
  if (y > 114) return null;
  if (x < 31) return "little_finger";
  if (x < 48) return "ring_finger";
  return x < 65.5 ? "middle_finger" : "index_finger";
}

export function palm(x: number, y: number): Named {
  if (y > 206) return of("arms", "wrist");
  return of("palms_soles", finger(x, y) ?? "palm");
}

export function handBack(x: number, y: number): Named {
  if (y > 206) return of("arms", "wrist");
  return of("arms", finger(x, y) ?? "hand_back");
}

/** Above a line that falls from the big toe to the small one. */
function isToe(x: number, y: number): boolean {
  return y < 84 - x * 0.34;
}

export function sole(x: number, y: number): Named {
  if (isToe(x, y)) return of("palms_soles", "toes");
  if (y < 118) return of("palms_soles", "ball");
  return of("palms_soles", y < 178 ? "arch" : "heel");
}

export function footTop(x: number, y: number): Named {
  if (isToe(x, y)) return of("legs", "toes");
  return of("legs", y < 176 ? "foot_top" : "ankle");
}
