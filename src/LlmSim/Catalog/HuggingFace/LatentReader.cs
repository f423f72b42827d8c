using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Reads latent attention.</summary>
internal static class LatentReader
{
    /// <summary>The latent vectors of a model and its head size, the rotary elements included; null for attention without them.</summary>
    public static (LatentSpec Spec, int HeadSize)? Read(ConfigFields fields)
    {
        if (!fields.Has("kv_lora_rank"))
        {
            return null;
        }

        var spec = new LatentSpec
        {
            KvRank = fields.Required("kv_lora_rank"),
            QueryRank = fields.Int("q_lora_rank") is > 0 and var rank ? rank : null,
            RopeHeadSize = fields.Required("qk_rope_head_dim"),
        };
        return (spec, fields.Required("qk_nope_head_dim") + spec.RopeHeadSize);
    }
}
