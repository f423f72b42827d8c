using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmSim.Calibration;

/// <summary>An expert layer as one short array: experts, width, hidden size, experts a token, and then the thousandths.</summary>
internal sealed class ExpertLayerJson : JsonConverter<ExpertLayer>
{
    private const int Names = 4;

    /// <inheritdoc />
    public override ExpertLayer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<int>? numbers = NumberRow.Read(ref reader);
        return numbers is not null && numbers.Count > Names && numbers.TrueForAll(number => number > -1000)
            ? new ExpertLayer
            {
                Experts = numbers[0],
                Width = numbers[1],
                Hidden = numbers[2],
                PerToken = numbers[3],
                Thousandths = numbers[Names..],
            }
            : throw new JsonException($"an array of more than {Names} whole numbers above -1000 is expected");
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, ExpertLayer value, JsonSerializerOptions options) => NumberRow.Write(
        writer, [value.Experts, value.Width, value.Hidden, value.PerToken, .. value.Thousandths]);
}
