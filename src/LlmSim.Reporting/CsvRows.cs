using System.Buffers;
using System.Globalization;
using System.Text;
using LlmSim.Simulation;

namespace LlmSim.Reporting;

/// <summary>Rows of a CSV file, put together in one buffer; nothing is allocated for a value.</summary>
/// <param name="file">Where to; its owner commits it after <see cref="Flush"/>.</param>
/// <param name="longestRow">Most bytes of a row, its texts not counted. At most 8192. Default 400.</param>
internal sealed class CsvRows(AtomicFile file, int longestRow = 400)
{
    private const int LongestText = 16 * 1024;

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    /// <summary>Makes room for another row.</summary>
    public void Begin()
    {
        if (_buffer.Length - _length < longestRow)
        {
            Flush();
        }
    }

    /// <summary>Adds a text, in quotes where it holds commas, quotes or ends of lines, and the sign that ends it.</summary>
    public void Append(string text, char end)
    {
        string quoted = text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
        byte[] bytes = Encoding.UTF8.GetBytes(quoted);
        if (_buffer.Length - _length < bytes.Length + longestRow)
        {
            Flush();
        }

        if (bytes.Length > LongestText)
        {
            file.Write(bytes);
        }
        else
        {
            bytes.CopyTo(_buffer, _length);
            _length += bytes.Length;
        }

        Append(end);
    }

    /// <summary>Adds nothing, and the sign that ends it.</summary>
    public void Append(char end) => _buffer[_length++] = (byte)end;

    /// <summary>Adds a whole number, and the sign that ends it.</summary>
    public void Append(long value, char end)
    {
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
        Append(end);
    }

    /// <summary>Adds a number in as many digits as it takes to read back the same, and the sign that ends it.</summary>
    public void Append(double value, char end)
    {
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
        Append(end);
    }

    /// <summary>Adds a time in seconds with all nine digits of a nanosecond, and the sign that ends it.</summary>
    public void Append(SimTime time, char end)
    {
        (long seconds, long fraction) = Math.DivRem(time.Nanoseconds, 1_000_000_000);
        Append(seconds, '.');
        for (int digit = 8; digit >= 0; digit--)
        {
            _buffer[_length + digit] = (byte)('0' + fraction % 10);
            fraction /= 10;
        }

        _length += 9;
        Append(end);
    }

    /// <summary>Hands what is buffered to the file.</summary>
    public void Flush()
    {
        file.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
