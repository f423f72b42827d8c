using System.Text;

namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>Reads structures in Thrift's compact protocol, in which Parquet keeps what it says of itself.</summary>
/// <remarks>Whatever the bytes are, each call moves on or throws <see cref="InvalidDataException"/>.</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int False = 2;
    private const int Int8 = 3;
    private const int Int64 = 6;
    private const int Double = 7;
    private const int Binary = 8;
    private const int Set = 10;
    private const int Struct = 12;
    private const int LongList = 15;
    private const int Deepest = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>Moves to the next field of a structure; false at its end.</summary>
    /// <param name="id">The last field's id, 0 before the first; becomes that of the field.</param>
    /// <param name="type">The field's type, for <see cref="Skip(int)"/>.</param>
    public bool Next(ref int id, out int type)
    {
        byte head = Take(1)[0];
        type = head & 0xf;
        if (head == 0)
        {
            return false;
        }

        int step = head >> 4;
        id = step > 0 ? id + step : (int)Integer();
        return true;
    }

    /// <summary>A whole number or a member of an enumeration.</summary>
    public long Integer()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A whole number that counts something or says where it is.</summary>
    public int Count() => Integer() is >= 0 and <= int.MaxValue and var value ? (int)value : throw new InvalidDataException("a count out of range");

    /// <summary>Text.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(Size()));

    /// <summary>The head of a list: how many elements follow.</summary>
    public int List() => List(out _);

    /// <summary>Passes over a value.</summary>
    public void Skip(int type) => Skip(type, 0);

    /// <summary>Passes over an element of a list of structures.</summary>
    public void SkipStruct() => Skip(Struct, 0);

    private void Skip(int type, int depth)
    {
        switch (type)
        {
            case > 0 and <= False:
                break; // The head says it all.
            case Int8:
                Take(1);
                break;
            case > Int8 and <= Int64:
                Unsigned();
                break;
            case Double:
                Take(sizeof(double));
                break;
            case Binary:
                Take(Size());
                break;
            case > Binary and <= Set when depth < Deepest:
                for (int left = List(out int element); left > 0; left--)
                {
                    Skip(element <= False ? Int8 : element, depth + 1); // In lists a truth value is a byte.
                }

                break;
            case Struct when depth < Deepest:
                int id = 0;
                while (Next(ref id, out int field))
                {
                    Skip(field, depth + 1);
                }

                break;
            default:
                throw new InvalidDataException($"a field of type {type}");
        }
    }

    private int List(out int element)
    {
        byte head = Take(1)[0];
        element = head & 0xf;
        return head >> 4 is var few && few < LongList ? few : Size();
    }

    private int Size() => Unsigned() is var size && size <= int.MaxValue ? (int)size : throw new InvalidDataException("a size out of range");

    private ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of more than 64 bits");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Position)
        {
            throw new InvalidDataException("a structure that is cut off");
        }

        Position += count;
        return _bytes.Slice(Position - count, count);
    }
}
