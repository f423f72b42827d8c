namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>Reads small whole numbers in Parquet's mix of run lengths and packed bits: presence of values, and places in a dictionary.</summary>
/// <param name="bytes">The runs.</param>
/// <param name="bits">Bits of a number, from 0 to 31.</param>
internal ref struct RunReader(ReadOnlySpan<byte> bytes, int bits)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private long _left;
    private int _repeated;
    private bool _packed;
    private long _bit;

    /// <summary>The next number.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int Next()
    {
        while (_left == 0)
        {
            StartRun();
        }

        _left--;
        if (!_packed)
        {
            return _repeated;
        }

        int value = 0;
        for (int i = 0; i < bits; i++, _bit++)
        {
            value |= ((_bytes[(int)(_bit >> 3)] >> (int)(_bit & 7)) & 1) << i;
        }

        return value;
    }

    // A head is a variable-length number: bit 0 says packed, the others how many groups of eight, or how often one number.
    private void StartRun()
    {
        uint head = 0;
        byte next;
        int shift = 0;
        do
        {
            next = Byte();
            head |= (uint)(next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80 && shift < 35);

        _packed = (head & 1) == 1;
        _left = _packed ? 8L * (head >> 1) : head >> 1;
        if (_packed)
        {
            _bit = 8L * _position;
            _position += (int)Math.Min((long)bits * (head >> 1), _bytes.Length - _position);

            // Writers may leave out the end of the last group.
            _left = bits == 0 ? _left : Math.Min(_left, (8L * _position - _bit) / bits);
            return;
        }

        _repeated = 0;
        for (int i = 0; i < (bits + 7) / 8; i++)
        {
            _repeated |= Byte() << (8 * i);
        }
    }

    private byte Byte() => _position < _bytes.Length ? _bytes[_position++] : throw new InvalidDataException("too few numbers in a page");
}
