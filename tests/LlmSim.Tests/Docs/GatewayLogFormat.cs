using System.Globalization;
using LlmSim.Workloads;

namespace LlmSim.Tests.Docs;

/// <summary>A gateway's log with milliseconds since 1970, the example of docs/extending.md.</summary>
internal sealed class GatewayLogFormat : TraceFormat
{
    private const long Millisecond = 1_000_000;

    public override string Name => "gateway log";

    public override string ArrivalColumn => "time_ms";

    public override string InputColumn => "prompt_tokens";

    public override string OutputColumn => "completion_tokens";

    public override bool CountsFromFirstRow => true;

    public override string AllowedArrival => "whole milliseconds since 1970";

    public override bool TryParseArrival(ReadOnlySpan<char> text, out long nanoseconds)
    {
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds <= ArrivalLimit.Latest.Nanoseconds / Millisecond;
        nanoseconds = isNumber ? milliseconds * Millisecond : 0;
        return isNumber;
    }

    public override string Show(long nanoseconds) => (nanoseconds / Millisecond).ToString(CultureInfo.InvariantCulture);
}
