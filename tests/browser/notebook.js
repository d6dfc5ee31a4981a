// What the tests ask of the notebook that is open in JupyterLab (window.jupyterapp is there because they had it so).
window.course = {
  panel() {
    const widgets = [...window.jupyterapp.shell.widgets("main")];
    return widgets.find((widget) => widget.isVisible && widget.content?.widgets && widget.sessionContext);
  },

  ready() {
    const panel = this.panel();
    return Boolean(panel?.context.isReady && panel.sessionContext.session?.kernel?.status === "idle");
  },

  cell(id) {
    return this.panel().content.widgets.find((cell) => cell.model.id === id);
  },

  // Bring a cell into view: what is out of it may not be on the page.
  async show(id) {
    const { content } = this.panel();
    const index = content.widgets.indexOf(this.cell(id));
    content.activeCellIndex = index;
    content.deselectAll();
    await content.scrollToItem(index);
  },

  // Run a cell; seen() tells when it is done.
  async start(id) {
    await this.show(id);
    const state = (this.running = { id, done: false });
    window.jupyterapp.commands.execute("notebook:run-cell").finally(() => (state.done = true));
  },

  // What the student sees under a cell.
  seen(id) {
    const cell = this.cell(id);
    const area = cell.node.querySelector(".jp-Cell-outputWrapper");
    return {
      done: this.running?.id !== id || this.running.done,
      count: cell.model.executionCount,
      text: area.innerText,
      red: cell.model.outputs.toJSON().some((output) => output.output_type === "error"),
      pictures: [...area.querySelectorAll("img")].map((img) => this.digest(img.src)),
      videos: area.querySelectorAll("video").length,
    };
  },

  digest(text) {
    let digest = text.length;
    for (let i = 0; i < text.length; i++) digest = (digest * 31 + text.charCodeAt(i)) | 0;
    return digest;
  },

  source(id) {
    return this.cell(id).model.sharedModel.getSource();
  },

  write(id, source) {
    this.cell(id).model.sharedModel.setSource(source);
  },

  // Play each video under a cell for a while: [readyState, seconds that it went on, words for who cannot see it].
  async play(id) {
    await this.show(id);
    const videos = [...this.cell(id).node.querySelectorAll("video")];
    return Promise.all(
      videos.map(async (video) => {
        const [before, began] = [video.currentTime, Date.now()];
        const failed = await video.play().then(() => "", String);
        while (!failed && video.currentTime === before && Date.now() - began < 20000)
          await new Promise((resolve) => setTimeout(resolve, 50));
        video.pause();
        return { ready: video.readyState, moved: video.currentTime !== before, words: video.ariaLabel, failed };
      }),
    );
  },
};
