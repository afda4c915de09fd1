import { expect, test } from "vitest";
import { judge, judgedSize, type Pixels } from "./checks";

const SIDE = 120;
const TAKEN = { width: 1600, height: 1200 };

/** A picture by a function of its place; every pixel grey. */
function drawn(value: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const at = (y * SIDE + x) * 4;
      data.set([value(x, y), value(x, y), value(x, y), 255], at);
    }
  }
  return { width: SIDE, height: SIDE, data };
}

/** Skin with pores: a checked texture of so much contrast. */
const skin = (contrast: number, light = 150) =>
  drawn((x, y) => light + ((x + y) % 2 === 0 ? contrast : -contrast));

/** A dark round mole whose edge takes so many pixels to pass. */
const mole = (edge: number) =>
  drawn((x, y) => {
    const away = Math.hypot(x - SIDE / 2, y - SIDE / 2) - 20;
    return 150 - 100 / (1 + Math.exp(away / edge));
  });

test("a sharp and well lit photograph has no problem", () => {
  expect(judge(skin(10), TAKEN).problems).toEqual([]);
  expect(judge(mole(0.3), TAKEN).problems).toEqual([]);
});

test("a photograph out of focus is blurred", () => {
  expect(judge(mole(6), TAKEN).problems).toEqual(["blurred"]);
  expect(judge(skin(0), TAKEN).problems).toEqual(["blurred"]);
});

test("the sharper one of two has the larger sharpness", () => {
  const sharpness = [0.3, 1, 3].map((edge) => judge(mole(edge), TAKEN).sharpness);
  expect(sharpness).toEqual([...sharpness].sort((a, b) => b - a));
});

test("a dark and an overexposed photograph are told apart", () => {
  expect(judge(skin(10, 30), TAKEN).problems).toEqual(["dark"]);
  expect(judge(skin(10, 235), TAKEN).problems).toEqual(["bright"]);
});

test("a reflection on the skin is glare, at the rim of the photograph it is none", () => {
  const spot = (cx: number, cy: number) =>
    drawn((x, y) => (Math.hypot(x - cx, y - cy) < 8 ? 255 : 150 + ((x + y) % 2 ? 10 : -10)));
  expect(judge(spot(60, 60), TAKEN).problems).toEqual(["glare"]);
  expect(judge(spot(5, 5), TAKEN).problems).toEqual([]);
});

test("size is that of the photograph as it was taken", () => {
  expect(judge(skin(10), { width: 1600, height: 300 }).problems).toEqual(["small"]);
});

test("an empty or one-pixel picture is judged without a fault of ours", () => {
  const one = { width: 1, height: 1, data: new Uint8ClampedArray([0, 0, 0, 255]) };
  expect(judge(one, { width: 1, height: 1 }).problems).toEqual(["dark", "blurred", "small"]);
});

test("a photograph is made smaller to be judged, never larger", () => {
  expect(judgedSize(4000, 3000)).toEqual({ width: 768, height: 576 });
  expect(judgedSize(300, 200)).toEqual({ width: 300, height: 200 });
  expect(judgedSize(10_000, 1)).toEqual({ width: 768, height: 1 });
});
