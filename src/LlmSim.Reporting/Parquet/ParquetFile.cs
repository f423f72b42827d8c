using System.Buffers.Binary;

namespace LlmSim.Reporting.Parquet;

/// <summary>
/// Writes a table as Apache Parquet: plain values, not compressed, a page per column and row group. Rows are kept until their
/// group of 32768 is full, so memory does not grow with the file.
/// </summary>
/// <remarks>
/// Only what our tables need of the format (<c>parquet.thrift</c> in apache/parquet-format): numbers and texts in a flat schema. Written here
/// because the libraries there are for .NET bring reflection, which does not go with a native command that starts in milliseconds.
/// </remarks>
internal sealed class ParquetFile
{
    /// <summary>Rows in a group. A multiple of 8.</summary>
    public const int RowsPerGroup = 1 << 15;

    private const int TypeInt64 = 2;
    private const int TypeDouble = 5;
    private const int TypeBytes = 6;
    private const int TextInUtf8 = 0;
    private const int EncodingPlain = 0;
    private const int EncodingRle = 3;
    private const int DataPage = 0;
    private const int Uncompressed = 0;

    private readonly Stream _output;
    private readonly ParquetColumn[] _columns;
    private readonly ThriftWriter _thrift = new();
    private readonly List<Group> _groups = [];
    private long _position;

    /// <summary>Starts a file.</summary>
    /// <param name="output">Where to; its owner closes it after <see cref="Finish"/>.</param>
    /// <param name="columns">The columns. Each is given a value for every row before <see cref="EndRow"/>.</param>
    public ParquetFile(Stream output, params ParquetColumn[] columns)
    {
        _output = output;
        _columns = columns;
        Write("PAR1"u8);
    }

    private sealed record Group(int Rows, Chunk[] Chunks);

    private readonly record struct Chunk(long Offset, long Bytes);

    /// <summary>All columns have the row's value.</summary>
    public void EndRow()
    {
        if (_columns[0].Rows == RowsPerGroup)
        {
            WriteGroup();
        }
    }

    /// <summary>Writes the rows that are left, and the footer.</summary>
    public void Finish()
    {
        if (_columns[0].Rows > 0)
        {
            WriteGroup();
        }

        _thrift.Clear();
        WriteFooter();
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, _thrift.Written.Length);
        Write(_thrift.Written);
        Write(length);
        Write("PAR1"u8);
    }

    private void WriteGroup()
    {
        int rows = _columns[0].Rows;
        var chunks = new Chunk[_columns.Length];
        for (int i = 0; i < _columns.Length; i++)
        {
            long start = _position;
            int bytes = _columns[i].PageBytes;
            WritePageHeader(rows, bytes);
            _columns[i].WritePage(_output);
            _position += bytes;
            chunks[i] = new Chunk(start, _position - start);
        }

        _groups.Add(new Group(rows, chunks));
    }

    private void WritePageHeader(int rows, int bytes)
    {
        _thrift.Clear();
        _thrift.WriteInt32(1, DataPage);
        _thrift.WriteInt32(2, bytes);
        _thrift.WriteInt32(3, bytes);
        _thrift.Begin(5);
        _thrift.WriteInt32(1, rows);
        _thrift.WriteInt32(2, EncodingPlain);
        _thrift.WriteInt32(3, EncodingRle);
        _thrift.WriteInt32(4, EncodingRle);
        _thrift.End();
        _thrift.End();
        Write(_thrift.Written);
    }

    private void WriteFooter()
    {
        _thrift.WriteInt32(1, 1);
        _thrift.BeginStructList(2, _columns.Length + 1);
        _thrift.BeginElement();
        _thrift.WriteText(4, "schema");
        _thrift.WriteInt32(5, _columns.Length);
        _thrift.End();
        foreach (ParquetColumn column in _columns)
        {
            _thrift.BeginElement();
            _thrift.WriteInt32(1, TypeOf(column));
            _thrift.WriteInt32(3, column.IsOptional ? 1 : 0);
            _thrift.WriteText(4, column.Name);
            if (column.IsText)
            {
                _thrift.WriteInt32(6, TextInUtf8);
            }

            _thrift.End();
        }

        _thrift.WriteInt64(3, _groups.Sum(group => (long)group.Rows));
        _thrift.BeginStructList(4, _groups.Count);
        foreach (Group group in _groups)
        {
            WriteGroupEntry(group);
        }

        _thrift.WriteText(6, "llmsim");
        _thrift.End();
    }

    private void WriteGroupEntry(Group group)
    {
        _thrift.BeginElement();
        _thrift.BeginStructList(1, _columns.Length);
        for (int i = 0; i < _columns.Length; i++)
        {
            Chunk chunk = group.Chunks[i];
            _thrift.BeginElement();
            _thrift.WriteInt64(2, chunk.Offset);
            _thrift.Begin(3);
            _thrift.WriteInt32(1, TypeOf(_columns[i]));
            _thrift.WriteInt32List(2, EncodingPlain);
            _thrift.WriteTextList(3, _columns[i].Name);
            _thrift.WriteInt32(4, Uncompressed);
            _thrift.WriteInt64(5, group.Rows);
            _thrift.WriteInt64(6, chunk.Bytes);
            _thrift.WriteInt64(7, chunk.Bytes);
            _thrift.WriteInt64(9, chunk.Offset);
            _thrift.End();
            _thrift.End();
        }

        _thrift.WriteInt64(2, group.Chunks.Sum(chunk => chunk.Bytes));
        _thrift.WriteInt64(3, group.Rows);
        _thrift.End();
    }

    private static int TypeOf(ParquetColumn column) => column.IsText ? TypeBytes : column.IsWhole ? TypeInt64 : TypeDouble;

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _position += bytes.Length;
    }
}
