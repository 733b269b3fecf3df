using System.Buffers;
using System.IO.Pipelines;

namespace Strowger.Features.Messaging;

/// <summary>
/// Takes the messages out of a batch of any length: one a line, or the elements of a JSON array, told apart by the first octet that is not blank. Lines that lie in one buffer are not copied;
/// memory is bounded by one line and what the pipe holds. Use: while ReadAsync, while TryNext. Not safe for several threads.
/// </summary>
public sealed class BatchLineReader
{
    /// <summary>What a line may take before it is known to be too long: its CR comes on top.</summary>
    private const int MaxRaw = MessageLimits.MaxLine + 1;

    private readonly PipeReader _input;
    private ReadOnlySequence<byte> _buffer;
    private ArrayScanner _scanner;
    private byte[]? _copy;
    private State _state;
    private bool _reading;
    private bool _completed;
    private bool _skipping;

    /// <summary>Octets at the start of the buffer that hold no end of a line: not looked at again, however small the pieces come.</summary>
    private long _scanned;
    private long _position;

    /// <summary>Reads from a pipe, which the caller completes.</summary>
    public BatchLineReader(PipeReader input) => _input = input ?? throw new ArgumentNullException(nameof(input));

    private enum State
    {
        Bom,
        Blank,
        Lines,
        Array,
        AfterArray,
        Ended,
    }

    /// <summary>How the batch is written, once known.</summary>
    public BatchFormat Format { get; private set; }

    /// <summary>Number of the last line or element taken or counted; 0 before the first.</summary>
    public long Number { get; private set; }

    /// <summary>Waits for more input; false at the end. Lines taken before are no longer valid.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_reading)
        {
            _input.AdvanceTo(_buffer.Start, _buffer.End);
            _reading = false;
        }

        if (_completed || _state == State.Ended)
        {
            return false;
        }

        var result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
        _buffer = result.Buffer;
        _reading = true;
        _completed = result.IsCompleted;
        return true;
    }

    /// <summary>Takes the next line; false when more input is needed.</summary>
    public bool TryNext(out BatchLine line)
    {
        line = default;
        if (_state == State.Bom)
        {
            PassBom();
        }

        if (_state == State.Blank)
        {
            PassBlanks();
        }

        return _state switch
        {
            State.Lines => NextLine(out line),
            State.Array => NextElement(out line),
            State.AfterArray => NextAfterArray(out line),
            _ => false,
        };
    }

    // EF BB BF, which some editors write before UTF-8.
    private void PassBom()
    {
        if (_buffer.IsEmpty || (_buffer.Length < 3 && !_completed))
        {
            return;
        }

        Span<byte> start = stackalloc byte[3];
        start.Clear();
        _buffer.Slice(0, Math.Min(3, _buffer.Length)).CopyTo(start);
        Drop(start is [0xEF, 0xBB, 0xBF] ? 3 : 0);
        _state = State.Blank;
    }

    private void PassBlanks()
    {
        while (!_buffer.IsEmpty)
        {
            var span = _buffer.FirstSpan;
            var first = span.IndexOfAnyExcept(" \t\r\n"u8);
            var blanks = first < 0 ? span.Length : first;
            Number += span[..blanks].Count((byte)'\n');
            Drop(blanks);
            if (first < 0)
            {
                continue;
            }

            if (span[first] == '[')
            {
                Drop(1);
                Number = 0;
                (_state, Format) = (State.Array, BatchFormat.Array);
            }
            else
            {
                (_state, Format) = (State.Lines, BatchFormat.Lines);
            }

            return;
        }
    }

    private bool NextLine(out BatchLine line)
    {
        line = default;
        while (!_buffer.IsEmpty)
        {
            var feed = Find();
            if (feed < 0 && !_completed)
            {
                return Wait(out line);
            }

            var length = feed < 0 ? _buffer.Length : feed;
            var json = Take(length, feed < 0 ? 0 : 1, out var skipped, out var tooLong);
            Number += skipped ? 0 : 1;
            if (tooLong || !json.IsEmpty)
            {
                line = Line(json, tooLong ? BatchProblem.TooLong : BatchProblem.None);
                return true;
            }
        }

        return false;
    }

    private bool NextElement(out BatchLine line)
    {
        line = default;
        while (true)
        {
            var end = Find();
            if (end < 0)
            {
                return _completed ? Last(BatchProblem.Unterminated, out line) : Wait(out line);
            }

            var last = _buffer.Slice(end).FirstSpan[0] == ']';
            _state = last ? State.AfterArray : State.Array;
            var json = Take(end, 1, out var skipped, out var tooLong);
            var nothing = skipped || (last && Number == 0 && !tooLong && json.IsEmpty);
            if (!nothing)
            {
                Number++;
                line = Line(json, tooLong ? BatchProblem.TooLong : json.IsEmpty ? BatchProblem.Empty : BatchProblem.None);
                return true;
            }

            if (last)
            {
                return NextAfterArray(out line);
            }
        }
    }

    private bool NextAfterArray(out BatchLine line)
    {
        line = default;
        while (!_buffer.IsEmpty)
        {
            var span = _buffer.FirstSpan;
            var blanks = span.IndexOfAnyExcept(" \t\r\n"u8);
            Drop(blanks < 0 ? span.Length : blanks);
            if (blanks >= 0)
            {
                return Last(BatchProblem.TrailingData, out line);
            }
        }

        return false;
    }

    private bool Last(BatchProblem problem, out BatchLine line)
    {
        _position += problem == BatchProblem.Unterminated ? _buffer.Length : 0;
        _buffer = _buffer.Slice(_buffer.End);
        _state = State.Ended;
        Number++;
        line = Line(default, problem);
        return true;
    }

    private BatchLine Line(ReadOnlySpan<byte> json, BatchProblem problem) =>
        new() { Number = Number, Json = json, Problem = problem, Position = _position };

    /// <summary>No end in what there is: more is needed, or it is too long already and passed over from now on.</summary>
    private bool Wait(out BatchLine line)
    {
        line = default;
        var tooLong = !_skipping && _buffer.Length > MaxRaw;
        if (tooLong || _skipping)
        {
            Drop(_buffer.Length);
            _scanned = 0;
            _skipping = true;
        }

        if (tooLong)
        {
            Number++;
            line = Line(default, BatchProblem.TooLong);
        }

        return tooLong;
    }

    /// <summary>Index of the octet that ends the line or element, or -1.</summary>
    private long Find()
    {
        var offset = 0L;
        foreach (var memory in _buffer)
        {
            var start = Math.Max(0, _scanned - offset);
            if (start < memory.Length)
            {
                var span = memory.Span[(int)start..];
                var index = _state == State.Array ? _scanner.Find(span) : span.IndexOf((byte)'\n');
                if (index >= 0)
                {
                    return offset + start + index;
                }
            }

            offset += memory.Length;
        }

        _scanned = offset;
        return -1;
    }

    /// <summary>Takes the octets and their terminator off the buffer; returns them without blanks around, copied only if they lie in several buffers.</summary>
    private ReadOnlySpan<byte> Take(long length, int terminator, out bool skipped, out bool tooLong)
    {
        skipped = _skipping;
        tooLong = !skipped && length > MaxRaw;
        _skipping = false;
        _scanned = 0;
        _scanner = default;
        ReadOnlySpan<byte> taken = default;
        if (!skipped && !tooLong)
        {
            taken = _buffer.FirstSpan;
            if (length <= taken.Length)
            {
                taken = taken[..(int)length];
            }
            else
            {
                _copy ??= new byte[MaxRaw];
                _buffer.Slice(0, length).CopyTo(_copy);
                taken = _copy.AsSpan(0, (int)length);
            }

            taken = taken.Trim(" \t\r\n"u8);
            tooLong = taken.Length > MessageLimits.MaxLine;
            taken = tooLong ? default : taken;
        }

        Drop(length + terminator);
        return taken;
    }

    private void Drop(long count)
    {
        if (count > 0)
        {
            _buffer = _buffer.Slice(count);
            _position += count;
        }
    }
}
