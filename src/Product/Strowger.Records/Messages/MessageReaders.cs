namespace Strowger.Records.Messages;

/// <summary>Open readers, kept for the next call; at most <see cref="MaxIdle"/>.</summary>
internal sealed class MessageReaders : IDisposable
{
    /// <summary>Each holds some file handles and 2 MiB of pages.</summary>
    private const int MaxIdle = 8;

    private readonly List<MessageDayReader> _idle = [];
    private readonly Lock _lock = new();

    public MessageDayReader Rent(MessageDay day)
    {
        lock (_lock)
        {
            var index = _idle.FindLastIndex(reader => reader.Day == day);
            if (index >= 0)
            {
                var reader = _idle[index];
                _idle.RemoveAt(index);
                return reader;
            }
        }

        return new MessageDayReader(day);
    }

    public void Return(MessageDayReader reader)
    {
        lock (_lock)
        {
            _idle.Add(reader);
            if (_idle.Count <= MaxIdle)
            {
                return;
            }

            reader = _idle[0];
            _idle.RemoveAt(0);
        }

        reader.Dispose();
    }

    public void Forget(MessageDay day)
    {
        lock (_lock)
        {
            foreach (var reader in _idle.Where(reader => reader.Day == day).ToArray())
            {
                _idle.Remove(reader);
                reader.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _idle.ForEach(reader => reader.Dispose());
            _idle.Clear();
        }
    }
}
