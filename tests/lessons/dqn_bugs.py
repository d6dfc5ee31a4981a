"""Bugs that a deep Q-learning agent may have: each gives the name of a function, and what stands in its place."""


def everyone_meets_everyone(solution):
    """A loss in which (B, 1) meets (B,)."""
    tf = solution["tf"]
    return "q_loss", lambda q, action, y: tf.reduce_mean((tf.gather(q, action[:, None], batch_dims=1) - y) ** 2)


def largest(solution):
    """A loss on the largest value, not on that of the action taken."""
    tf = solution["tf"]
    return "q_loss", lambda q, action, y: tf.reduce_mean((tf.reduce_max(q, axis=1) - y) ** 2)


def time_limit_is_the_end(solution):
    """Every `truncated` stored as `terminated`."""
    right = solution["agent_step"]

    def agent_step(agent, step):
        add = agent.buffer.add
        agent.buffer.add = lambda obs, action, reward, next_obs, end: add(
            obs, action, reward, next_obs, end or agent.env.steps == 3
        )
        finished = right(agent, step)
        agent.buffer.add = add
        return finished

    return "agent_step", agent_step
