namespace Strowger.Smpp;

/// <summary>The destinations of a submit_multi, over checked octets.</summary>
public readonly ref struct MultiDestinations(byte count, ReadOnlySpan<byte> bytes)
{
    /// <summary>number_of_dests, 1 to 254.</summary>
    public byte Count { get; } = count;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public Enumerator GetEnumerator() => new(this);

    public ref struct Enumerator(MultiDestinations destinations)
    {
        private BodyReader _reader = new(destinations.Bytes);
        private int _left = destinations.Count;

        public MultiDestination Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            Current = MultiDestination.Read(ref _reader);
            return _reader.Finish(out _);
        }
    }
}
