/** The rear camera, and one still of it as large as the phone gives. */

/** Wished, not demanded: a laptop has one camera, and small ones are better than none. */
const WISHED: MediaStreamConstraints = {
  audio: false,
  video: {
    facingMode: { ideal: "environment" },
    width: { ideal: 2560 },
    height: { ideal: 1920 },
  },
};
const PATIENCE_MS = 4_000;

interface Takes {
  takePhoto(): Promise<Blob>;
}

/** Rejects with the browser's own error; `NotFoundError` where the page may not even ask. */
export function openCamera(): Promise<MediaStream> {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices?.getUserMedia) {
    return Promise.reject(new DOMException("no camera for this page", "NotFoundError"));
  }
  return devices.getUserMedia(WISHED);
}

/** A photograph where the browser takes real ones (sharper than a frame of the film), else a frame. */
export async function stillOf(video: HTMLVideoElement): Promise<ImageBitmap> {
  const [track] = (video.srcObject as MediaStream | null)?.getVideoTracks() ?? [];
  const Capture = (globalThis as { ImageCapture?: new (of: MediaStreamTrack) => Takes })
    .ImageCapture;
  if (Capture && track) {
    try {
      const photograph = await inTime(new Capture(track).takePhoto());
      return await createImageBitmap(photograph, { imageOrientation: "from-image" });
    } catch {
      // Some phones promise photographs and give none.
    }
  }
  return createImageBitmap(video);
}

function inTime<Value>(wanted: Promise<Value>): Promise<Value> {
  return Promise.race([
    wanted,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS)),
  ]);
}
