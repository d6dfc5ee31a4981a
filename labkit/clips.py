"""Frames in, a small mp4 file out, and moments of it back as a picture."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from labkit.numbers import number

Frame = npt.NDArray[np.uint8]  # (height, width, 3), 0 to 255

_STRIP_FRAMES, _STRIP_WIDTH = 4, 1000  # how many, and pixels for all of them


@contextmanager
def mp4_writer(path: Path, fps: float) -> Iterator[Callable[[Any], None]]:
    """A function that appends a frame to a video file; the first frame sets the size."""
    import imageio_ffmpeg  # type: ignore[import-untyped]

    stream = None

    def write(frame: Any) -> None:
        nonlocal stream
        height, width = frame.shape[:2]
        # H.264 halves the colours' resolution, so both sides must be even.
        frame = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        if stream is None:
            stream = imageio_ffmpeg.write_frames(
                str(path),
                frame.shape[1::-1],
                fps=fps,
                codec="libx264",
                pix_fmt_out="yuv420p",
                macro_block_size=1,
                quality=None,
                ffmpeg_log_level="error",
                output_params=["-crf", "25", "-preset", "medium", "-movflags", "+faststart"],
            )
            stream.send(None)
        stream.send(np.ascontiguousarray(frame))

    try:
        yield write
    finally:
        if stream is not None:
            stream.close()


def frames_strip(mp4: bytes, label: str) -> bytes:
    """Evenly spaced frames of a clip, side by side, each above its time, under a label: a PNG."""
    from matplotlib import get_data_path
    from PIL import Image, ImageDraw, ImageFont

    times, frames = _moments(mp4, _STRIP_FRAMES)
    width, gap, caption = _STRIP_WIDTH // _STRIP_FRAMES, 6, 22
    height = round((width - gap) * frames[0].shape[0] / frames[0].shape[1])
    top = caption if label else 0
    digits = 1 if times[-1] >= 1 else 2  # the moments of a short clip differ in the second
    strip = Image.new("RGB", (width * len(frames) - gap, top + height + caption), "white")
    draw = ImageDraw.Draw(strip)
    font = ImageFont.truetype(str(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")), 13)
    draw.text((0, top / 2), label, "#333333", font, "lm")
    for i, (time, frame) in enumerate(zip(times, frames, strict=True)):
        x = i * width
        small = Image.fromarray(frame).resize((width - gap, height), Image.Resampling.LANCZOS)
        strip.paste(small, (x, top))
        draw.rectangle((x, top, x + width - gap - 1, top + height - 1), outline="#bbbbbb")
        draw.text(
            (x + (width - gap) / 2, top + height + caption / 2),
            f"{number(time):.{digits}f}\u00a0s",
            "#333333",
            font,
            "mm",
        )
    png = BytesIO()
    strip.quantize(128).save(png, "PNG", optimize=True)  # a palette: a third of the bytes
    return png.getvalue()


def _moments(mp4: bytes, most: int) -> tuple[list[float], list[Frame]]:
    """Times in seconds and frames, from the first to the last, evenly spaced, at most so many."""
    import imageio_ffmpeg

    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        path.write_bytes(mp4)
        count, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
        wanted = {round(i) for i in np.linspace(0, count - 1, min(most, count))}
        reader = imageio_ffmpeg.read_frames(str(path))
        width, height = next(reader)["size"]
        kept = [(i, data) for i, data in enumerate(reader) if i in wanted]
    frames = [np.frombuffer(data, np.uint8).reshape(height, width, 3) for _i, data in kept]
    return [i * seconds / count for i, _data in kept], frames
