// What the next click will probably cost, by the last figures that the demo sent.
Object.assign(imagen, {
  // For each tab, since what is chosen counts for both. `news` has the models whose price changed.
  prices(news, model, pictures, preset) {
    for (const [id, price] of Object.entries(news ?? {})) imagen.data.models[id].price = price;
    const {takes} = imagen.data.models[model];
    const alone = takes.includes('num_images') ? pictures : 1;
    const {models, hindrances} = imagen.data.presets[preset];
    const columns = models.map((each) => each || model);
    return [
      imagen.estimate([model], alone),
      hindrances[model] ?? imagen.estimate(columns, columns.length),
    ];
  },

  // Of so many pictures, or of one by each of several models.
  estimate(models, pictures) {
    const known = models.map((each) => imagen.data.models[each].price);
    if (!known.every(Boolean)) return 'No price is documented for this model.';
    const together = known.reduce((sum, {tokens}) => sum + tokens, 0);
    const tokens = models.length > 1 ? together : together * pictures;
    const several = models.length > 1 ? ` for ${pictures} pictures` : '';
    const day = known
      .map(({documented}) => documented)
      .filter(Boolean)
      .sort()[0];
    const source = day ? `documented ${imagen.day(day)}` : 'as charged last time';
    const free = imagen.data.sandboxDraws ? ' The sandbox is free.' : '';
    const dollars = imagen.dollars(tokens / imagen.data.tokensPerDollar);
    return `About ${tokens.toLocaleString('en-US')} tokens (${dollars})${several}, ${source}.${free}`;
  },

  // With the decimals they need, as `domain/wording` has them.
  dollars: (usd) =>
    usd.toLocaleString('en-US', {
      style: 'currency',
      currency: 'USD',
      maximumFractionDigits: 6,
      useGrouping: false,
    }),

  day: (iso) =>
    new Date(iso).toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }),
});
