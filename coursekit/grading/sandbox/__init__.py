"""Where answers run. The grader's side (the host) is here; `guest` is what runs inside, and is never trusted."""
