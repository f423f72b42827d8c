using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Calibration.Tables;

/// <summary>
/// Timings of one dense model's layers inside an engine, as LLMServingSim lays them out (<c>MODEL/tpN/dense.csv</c>,
/// <c>per_sequence.csv</c>, <c>attention.csv</c>); microseconds. Caches are as cold as in serving.
/// </summary>
internal sealed class LayerTables
{
    private const double Micro = 1e-6;
    private const string Time = "time_us";

    private readonly ModelSpec _model;
    private readonly int _ranks;

    private LayerTables(ModelSpec model, int ranks)
    {
        _model = model;
        _ranks = ranks;
    }

    /// <summary>Matrix products.</summary>
    public List<GemmRow> Gemm { get; } = [];

    /// <summary>Norms, rotary embedding, activation.</summary>
    public List<PassRow> Passes { get; } = [];

    /// <summary>The sampler.</summary>
    public List<PassRow> Sampler { get; } = [];

    /// <summary>Steps of decoding sequences alone.</summary>
    public List<AttentionRow> Decode { get; } = [];

    /// <summary>Steps of a single chunk.</summary>
    public List<AttentionRow> Prefill { get; } = [];

    /// <summary>Steps of a chunk and decoding sequences.</summary>
    public List<MixedRow> Mixed { get; } = [];

    /// <summary>Decoding sequences of unequal contexts.</summary>
    public List<SkewRow> Skew { get; } = [];

    /// <summary>Whether a folder's model is a dense one of the catalogue, whose shapes are known.</summary>
    public static bool CanRead(string folder) => ModelOf(folder) is not null;

    /// <summary>Reads a folder; null where its model is not a dense one of the catalogue.</summary>
    /// <exception cref="ConfigException">Tables cannot be read; lists the problems of all three.</exception>
    public static LayerTables? Read(string folder)
    {
        if (ModelOf(folder) is not { } model)
        {
            return null;
        }

        var tables = new LayerTables(model.Spec, model.Ranks);
        var problems = new List<ConfigProblem>();
        foreach ((string name, Action<string> read) in new (string, Action<string>)[]
        {
            ("dense", tables.ReadDense), ("per_sequence", tables.ReadPerSequence), ("attention", tables.ReadAttention),
            ("skew", tables.ReadSkew),
        })
        {
            try
            {
                read(MeasuredTable.Find(folder, name));
            }
            catch (ConfigException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems.Count == 0 ? tables : throw new ConfigException(problems);
    }

    private static (ModelSpec Spec, int Ranks)? ModelOf(string folder)
    {
        string layout = Path.GetFileName(folder);
        string name = Path.GetFileName(Path.GetDirectoryName(folder) ?? "");
        return ModelCatalog.TryGet(name, out ModelSpec? model) && model is { LayerGroups.Count: 0, Experts: null, GatedMlp: true }
            && layout.StartsWith("tp", StringComparison.Ordinal) && int.TryParse(layout[2..], out int ranks) && ranks >= 1
            ? (model, ranks)
            : null;
    }

    private void ReadDense(string path)
    {
        var table = MeasuredTable.Read(path, "layer", "tokens", Time);
        (int h, int d) = (_model.HiddenSize, _model.HeadSize);
        int heads = _model.AttentionHeads / _ranks;
        int kvHeads = Math.Max(1, _model.KvHeads / _ranks);
        int inner = _model.FfnWidth / _ranks;
        for (int i = 0; i < table.Count; i++)
        {
            int tokens = table.Whole(i, "tokens");
            double seconds = table.Number(i, Time) * Micro;
            string layer = table.Text(i, "layer");
            (int Outer, int Inner)? product = layer switch
            {
                "qkv_proj" => ((heads + 2 * kvHeads) * d, h),
                "o_proj" => (h, heads * d),
                "gate_up_proj" => (2 * inner, h),
                "down_proj" => (h, inner),
                _ => null,
            };
            double? elements = layer switch
            {
                "layernorm" or "final_layernorm" => 4.0 * h,
                "act_fn" => 3.0 * inner,
                "rotary_emb" => 2.0 * (heads + kvHeads) * d,
                _ => null,
            };
            if (product is { } shape)
            {
                Gemm.Add(new GemmRow(DataType.Bf16, tokens, shape.Outer, shape.Inner, seconds));
            }
            else if (elements is { } moved)
            {
                Passes.Add(new PassRow(layer, tokens, 2 * moved * tokens, seconds));
            }
        }

        table.Verify(Gemm.Count, ("layer", "qkv_proj, o_proj, gate_up_proj or down_proj"));
    }

    private void ReadPerSequence(string path)
    {
        var table = MeasuredTable.Read(path, "layer", "sequences", Time);
        int vocabulary = (int)ModelFigures.CeilDiv(_model.VocabularySize, _ranks);
        for (int i = 0; i < table.Count; i++)
        {
            int sequences = table.Whole(i, "sequences");
            double seconds = table.Number(i, Time) * Micro;
            switch (table.Text(i, "layer"))
            {
                case "lm_head":
                    Gemm.Add(new GemmRow(DataType.Bf16, sequences, vocabulary, _model.HiddenSize, seconds));
                    break;
                case "sampler":
                    Sampler.Add(new PassRow("sampler", sequences, 2.0 * sequences * _model.VocabularySize, seconds));
                    break;
            }
        }

        table.Verify(Sampler.Count, ("layer", "sampler"));
    }

    private void ReadAttention(string path)
    {
        var table = MeasuredTable.Read(path, "prefill_chunk", "kv_prefill", "n_decode", "kv_decode", Time);
        int heads = _model.AttentionHeads / _ranks;
        int kvHeads = Math.Max(1, _model.KvHeads / _ranks);
        var alone = new Dictionary<(int Chunk, int Behind), double>();
        var mixed = new List<MixedRow>();
        for (int i = 0; i < table.Count; i++)
        {
            (int chunk, int decodes) = (table.Whole(i, "prefill_chunk", least: 0), table.Whole(i, "n_decode", least: 0));
            double seconds = table.Number(i, Time) * Micro;
            if (chunk == 0 && decodes > 0)
            {
                Decode.Add(new AttentionRow(
                    decodes, 1, table.Whole(i, "kv_decode") - 1, heads, kvHeads, _model.HeadSize, seconds, IsCold: true));
            }
            else if (chunk > 0 && decodes == 0)
            {
                alone[(chunk, table.Whole(i, "kv_prefill", least: 0))] = seconds;
                Prefill.Add(new AttentionRow(
                    1, chunk, table.Whole(i, "kv_prefill", least: 0), heads, kvHeads, _model.HeadSize, seconds, IsCold: true));
            }
            else if (chunk > 0)
            {
                mixed.Add(new MixedRow(chunk, table.Whole(i, "kv_prefill", least: 0), decodes, table.Whole(i, "kv_decode", least: 0), heads, kvHeads,
                    _model.HeadSize, seconds, 0));
            }
        }

        Mixed.AddRange(mixed.Where(row => row.Context > 0 && alone.ContainsKey((row.Chunk, row.Behind)))
            .Select(row => row with { PrefillSeconds = alone[(row.Chunk, row.Behind)] }));
        table.Verify(Prefill.Count + Decode.Count, ("n_decode", "steps of decoding sequences alone or of one chunk alone"));
    }

    // Batches of two contexts, of which nb sequences have the longer one.
    private void ReadSkew(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        var table = MeasuredTable.Read(path, "regime", "n", "nb", "kvs", "kv_big", "kv_mean", "t_mean_us", "t_skew_us");
        for (int i = 0; i < table.Count; i++)
        {
            if (table.Text(i, "regime") != "pure")
            {
                continue;
            }

            int sequences = table.Whole(i, "n");
            double longer = (double)table.Whole(i, "nb") / sequences;
            double apart = table.Number(i, "kv_big") - table.Number(i, "kvs");
            Skew.Add(new SkewRow(sequences, table.Number(i, "kv_mean"), table.Number(i, "kv_big"), apart * Math.Sqrt(longer * (1 - longer)), Math.Max(1, _model.KvHeads / _ranks),
                _model.HeadSize, table.Number(i, "t_mean_us") * Micro, table.Number(i, "t_skew_us") * Micro));
        }
    }
}
