using System.Buffers;

namespace Strowger.Features.Messaging;

/// <summary>Finds where an element of a JSON array ends, across buffers. What is between the ends is checked by the parser of the element, so brackets are only counted here, not paired.</summary>
internal struct ArrayScanner
{
    private static readonly SearchValues<byte> s_structure = SearchValues.Create("\"[]{},"u8);

    private long _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Index of the ',' or ']' that ends the element, or -1 when the span holds none; goes on from there with the next span.</summary>
    public int Find(ReadOnlySpan<byte> span)
    {
        var i = 0;
        while (i < span.Length)
        {
            if (_escaped)
            {
                _escaped = false;
                i++;
                continue;
            }

            if (_inString)
            {
                var end = span[i..].IndexOfAny((byte)'"', (byte)'\\');
                if (end < 0)
                {
                    return -1;
                }

                i += end;
                _inString = span[i] != '"';
                _escaped = _inString;
                i++;
                continue;
            }

            var next = span[i..].IndexOfAny(s_structure);
            if (next < 0)
            {
                return -1;
            }

            i += next;
            switch (span[i])
            {
                case (byte)'"':
                    _inString = true;
                    break;
                case (byte)'[' or (byte)'{':
                    _depth++;
                    break;
                case (byte)',' when _depth == 0:
                case (byte)']' when _depth == 0:
                    return i;
                case (byte)']' or (byte)'}':
                    _depth = Math.Max(0, _depth - 1);
                    break;
            }

            i++;
        }

        return -1;
    }
}
