using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace LlmSim.Reporting.Parquet;

/// <summary>A column of a Parquet file: 64-bit whole numbers, floating-point numbers or texts, and the values of the rows not written yet.</summary>
/// <param name="name">Its name.</param>
/// <param name="isWhole">Whether its values are whole numbers.</param>
/// <param name="isOptional">Whether values may be missing.</param>
/// <param name="isText">Whether its values are texts.</param>
internal sealed class ParquetColumn(string name, bool isWhole, bool isOptional = false, bool isText = false)
{
    private const int ValueBytes = 8;

    private readonly byte[] _present = isOptional ? new byte[ParquetFile.RowsPerGroup / 8] : [];
    private byte[] _values = new byte[ParquetFile.RowsPerGroup * ValueBytes];
    private int _length;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether its values are whole numbers.</summary>
    public bool IsWhole => isWhole;

    /// <summary>Whether values may be missing.</summary>
    public bool IsOptional => isOptional;

    /// <summary>Whether its values are texts.</summary>
    public bool IsText => isText;

    /// <summary>Rows that have a value, or miss one, and are not written yet.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public void Add(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_values.AsSpan(_length), value);
        _length += ValueBytes;
        AddPresence(1);
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        int end = _length + sizeof(int) + bytes;
        if (end > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(end, 2 * _values.Length));
        }

        BinaryPrimitives.WriteInt32LittleEndian(_values.AsSpan(_length), bytes);
        Encoding.UTF8.GetBytes(text, _values.AsSpan(_length + sizeof(int)));
        _length = end;
        AddPresence(1);
    }

    /// <summary>Adds a floating-point number.</summary>
    public void Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Adds a row that misses a value.</summary>
    public void AddMissing() => AddPresence(0);

    /// <summary>Bytes of the page that <see cref="WritePage"/> writes.</summary>
    public int PageBytes => _length + (isOptional ? sizeof(int) + PresenceHeadBytes + PresenceBytes : 0);

    private int PresenceBytes => (Rows + 7) / 8;

    // One run of bit-packed levels: its number of bytes, shifted by one, as a variable-length number.
    private uint PresenceHead => ((uint)PresenceBytes << 1) | 1;

    private int PresenceHeadBytes => 1 + BitOperations.Log2(PresenceHead) / 7;

    /// <summary>Writes what is not written yet: which rows have values, and the values.</summary>
    public void WritePage(Stream output)
    {
        if (isOptional)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, PresenceHeadBytes + PresenceBytes);
            output.Write(length);
            uint head = PresenceHead;
            for (; head >= 0x80; head >>= 7)
            {
                output.WriteByte((byte)(head | 0x80));
            }

            output.WriteByte((byte)head);
            output.Write(_present.AsSpan(0, PresenceBytes));
            Array.Clear(_present);
        }

        output.Write(_values.AsSpan(0, _length));
        _length = 0;
        Rows = 0;
    }

    private void AddPresence(int present)
    {
        if (isOptional)
        {
            _present[Rows >> 3] |= (byte)(present << (Rows & 7));
        }

        Rows++;
    }
}
