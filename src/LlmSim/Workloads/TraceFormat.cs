namespace LlmSim.Workloads;

/// <summary>A kind of trace file, told by the names of its columns.</summary>
internal abstract class TraceFormat
{
    /// <summary>The formats that can be read.</summary>
    public static readonly TraceFormat[] Known = [new PlainTraceFormat(), new AzureTraceFormat()];

    /// <summary>Name for people.</summary>
    public abstract string Name { get; }

    /// <summary>Column that holds the time of arrival.</summary>
    public abstract string ArrivalColumn { get; }

    /// <summary>Column that holds the prompt length in tokens.</summary>
    public abstract string InputColumn { get; }

    /// <summary>Column that holds the output length in tokens.</summary>
    public abstract string OutputColumn { get; }

    /// <summary>Whether times count from the first row instead of from the start.</summary>
    public abstract bool CountsFromFirstRow { get; }

    /// <summary>What a time may look like, for messages.</summary>
    public abstract string AllowedArrival { get; }

    /// <summary>The three columns, in the order in which people write them.</summary>
    public string[] Columns => [ArrivalColumn, InputColumn, OutputColumn];

    /// <summary>Reads a time to the nanosecond. False when it is no time, negative, or too late to simulate.</summary>
    public abstract bool TryParseArrival(ReadOnlySpan<char> text, out long nanoseconds);

    /// <summary>A time as this format writes it.</summary>
    public abstract string Show(long nanoseconds);
}
