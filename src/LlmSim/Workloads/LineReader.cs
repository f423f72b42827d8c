namespace LlmSim.Workloads;

/// <summary>Reads a text line by line without making strings of it. Blank lines are passed over but counted.</summary>
internal sealed class LineReader(TextReader text)
{
    private char[] _buffer = new char[1 << 16];
    private int _lineStart;
    private int _lineEnd;
    private int _next;
    private int _filled;
    private bool _ended;

    /// <summary>Number of the current line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The current line without its end; valid until the next.</summary>
    public ReadOnlySpan<char> Current => _buffer.AsSpan(_lineStart, _lineEnd - _lineStart);

    /// <summary>Goes to the next line that is not blank. False at the end of the text.</summary>
    public bool MoveNext()
    {
        while (Advance())
        {
            if (!Current.IsWhiteSpace())
            {
                return true;
            }
        }

        return false;
    }

    private bool Advance()
    {
        _lineStart = _next;
        int searched = _next;
        while (true)
        {
            int end = _buffer.AsSpan(searched, _filled - searched).IndexOf('\n');
            if (end >= 0)
            {
                _lineEnd = searched + end;
                _next = _lineEnd + 1;
                Line++;
                return true;
            }

            searched = _filled;
            if (_ended)
            {
                _lineEnd = _next = _filled;
                Line += _lineEnd > _lineStart ? 1 : 0;
                return _lineEnd > _lineStart;
            }

            searched -= Fill();
        }
    }

    /// <summary>Makes room and reads on.</summary>
    /// <returns>How far what was there has moved towards the start.</returns>
    private int Fill()
    {
        int moved = _lineStart;
        _buffer.AsSpan(_lineStart, _filled - _lineStart).CopyTo(_buffer);
        _filled -= moved;
        _lineStart = 0;
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = text.Read(_buffer, _filled, _buffer.Length - _filled);
        _ended = read == 0;
        _filled += read;
        return moved;
    }
}
