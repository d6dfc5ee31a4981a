"""What is seen of a video before it plays."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg  # type: ignore[import-untyped]
from PIL import Image


def still(mp4: bytes) -> bytes:
    """The frame in the middle of a clip: a PNG."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        path.write_bytes(mp4)
        count, _seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
        frames = imageio_ffmpeg.read_frames(str(path))
        size = next(frames)["size"]
        middle = next(data for i, data in enumerate(frames) if i == count // 2)
        frames.close()
    png = BytesIO()
    Image.frombytes("RGB", size, middle).quantize(128).save(png, "PNG", optimize=True)
    return png.getvalue()
