using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>Reads values that lie one after the other, as text that gives the same number when it is parsed.</summary>
internal ref struct PlainValues(ReadOnlySpan<byte> bytes, PhysicalType type)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private int _bit;

    /// <summary>The next value.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string Next() => type switch
    {
        PhysicalType.Boolean => NextBit() ? "true" : "false",
        PhysicalType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int))).ToString(CultureInfo.InvariantCulture),
        PhysicalType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))).ToString(CultureInfo.InvariantCulture),
        PhysicalType.Float => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float))).ToString(CultureInfo.InvariantCulture),
        PhysicalType.Double => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double))).ToString(CultureInfo.InvariantCulture),
        _ => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int))))),
    };

    private bool NextBit()
    {
        int at = _bit++;
        return at >> 3 < _bytes.Length ? ((_bytes[at >> 3] >> (at & 7)) & 1) == 1 : throw new InvalidDataException("too few values in a page");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - _position)
        {
            throw new InvalidDataException("too few values in a page");
        }

        _position += count;
        return _bytes.Slice(_position - count, count);
    }
}
