using System.Buffers;
using System.Text;

namespace LlmSim.Reporting.Parquet;

/// <summary>Writes structures in Thrift's compact protocol, in which Parquet keeps what it says of itself.</summary>
/// <remarks>Fields of a structure come in order of their ids, which rise by less than 16.</remarks>
internal sealed class ThriftWriter
{
    private const int TypeInt32 = 5;
    private const int TypeInt64 = 6;
    private const int TypeBinary = 8;
    private const int TypeList = 9;
    private const int TypeStruct = 12;
    private const int LongList = 15;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<int> _outer = new();
    private int _lastId;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _lastId = 0;
    }

    /// <summary>A field that is a 32-bit number or a member of an enumeration.</summary>
    public void WriteInt32(int id, int value)
    {
        WriteField(id, TypeInt32);
        WriteSigned(value);
    }

    /// <summary>A field that is a 64-bit number.</summary>
    public void WriteInt64(int id, long value)
    {
        WriteField(id, TypeInt64);
        WriteSigned(value);
    }

    /// <summary>A field that is text.</summary>
    public void WriteText(int id, string value)
    {
        WriteField(id, TypeBinary);
        WriteTextElement(value);
    }

    /// <summary>A field that is a list of numbers with one element.</summary>
    public void WriteInt32List(int id, int element)
    {
        WriteListHead(id, TypeInt32, 1);
        WriteSigned(element);
    }

    /// <summary>A field that is a list of texts with one element.</summary>
    public void WriteTextList(int id, string element)
    {
        WriteListHead(id, TypeBinary, 1);
        WriteTextElement(element);
    }

    /// <summary>A field that is a list of structures, which follow, each ended by <see cref="End"/>.</summary>
    public void BeginStructList(int id, int count) => WriteListHead(id, TypeStruct, count);

    /// <summary>The next structure of a list begins.</summary>
    public void BeginElement()
    {
        _outer.Push(_lastId);
        _lastId = 0;
    }

    /// <summary>A field that is a structure begins.</summary>
    public void Begin(int id)
    {
        WriteField(id, TypeStruct);
        BeginElement();
    }

    /// <summary>A structure ends.</summary>
    public void End()
    {
        WriteByte(0);
        _lastId = _outer.Count > 0 ? _outer.Pop() : 0;
    }

    private void WriteListHead(int id, int type, int count)
    {
        WriteField(id, TypeList);
        WriteByte((byte)((Math.Min(count, LongList) << 4) | type));
        if (count >= LongList)
        {
            WriteUnsigned((ulong)count);
        }
    }

    private void WriteField(int id, int type)
    {
        WriteByte((byte)(((id - _lastId) << 4) | type));
        _lastId = id;
    }

    private void WriteTextElement(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        WriteUnsigned((ulong)utf8.Length);
        _bytes.Write(utf8);
    }

    private void WriteSigned(long value) => WriteUnsigned(((ulong)value << 1) ^ (ulong)(value >> 63));

    private void WriteUnsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            WriteByte((byte)(value | 0x80));
        }

        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
