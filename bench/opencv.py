"""The rival: OpenCV's MOG2 with the usual morphology and a blur, one thread, on the same frames as the engine.

  opencv.py FRAMES.yuv WIDTH HEIGHT    reads packed yuv420p frames, then commands from stdin, one a line:
  small N | full N                     masks N frames and prints the milliseconds of processor time a frame took

small: on 480x270 YUV, the mask enlarged. full: the textbook way, everything at full size in BGR.
"""
import sys
import time

import cv2
import numpy as np

path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
cv2.setNumThreads(1)
frames = np.fromfile(path, np.uint8).reshape(-1, height * 3 // 2, width)
period = max(1, 2 * len(frames) - 2)
models = {way: cv2.createBackgroundSubtractorMOG2(500, 16, False) for way in ("small", "full")}
kernels = {size: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)) for size in (3, 9)}
at = {"small": 0, "full": 0}


def clean(mask):
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernels[3])
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernels[9])
    return cv2.dilate(mask, kernels[9])


def small(frame):
    y = frame[:height]
    u = frame[height:].reshape(-1)[: width * height // 4].reshape(height // 2, width // 2)
    v = frame[height:].reshape(-1)[width * height // 4 :].reshape(height // 2, width // 2)
    size = (480, 270)
    grid = cv2.merge([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (y, u, v)])
    mask = clean(models["small"].apply(grid))
    for plane, reach in ((y, 63), (u, 31), (v, 31)):
        large = cv2.resize(mask, plane.shape[::-1], interpolation=cv2.INTER_NEAREST)
        cv2.copyTo(cv2.blur(plane, (reach, reach)), large, plane)


def full(frame):
    bgr = cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420)
    mask = clean(models["full"].apply(bgr))
    cv2.copyTo(cv2.blur(bgr, (63, 63)), mask, bgr)
    cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420)


def run(way, count):
    spent = 0.0
    for _ in range(count):
        place = at[way] % period
        at[way] += 1
        frame = frames[min(place, period - place)].copy()
        start = time.process_time()
        (small if way == "small" else full)(frame)
        spent += time.process_time() - start
    return spent * 1000 / count


for line in sys.stdin:
    way, count = line.split()
    print(run(way, int(count)), flush=True)
