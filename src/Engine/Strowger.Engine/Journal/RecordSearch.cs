namespace Strowger.Engine.Journaling;

/// <summary>Finds where records begin again after damage.</summary>
internal static class RecordSearch
{
    private const int WindowBytes = 64 * 1024;

    /// <summary>The first position at or after <paramref name="from"/> where a good record begins, or <paramref name="end"/>. Stays within one segment.</summary>
    public static long Next(SegmentTable table, long from, long end)
    {
        byte[] window = new byte[(int)Math.Clamp(end - from, 0, WindowBytes)];
        while (end - from >= RecordFormat.HeaderBytes)
        {
            int wanted = (int)Math.Min(WindowBytes, end - from);
            int count = table.Read(from, window.AsSpan(0, wanted), end);
            int offset = 0;
            while (offset + RecordFormat.HeaderBytes <= count)
            {
                int zeros = window.AsSpan(offset, count - offset).IndexOfAnyExcept((byte)0);
                if (zeros < 0)
                {
                    // No record begins with a zero byte.
                    offset = count & ~(RecordFormat.Alignment - 1);
                    break;
                }

                offset += zeros & ~(RecordFormat.Alignment - 1);
                if (RecordFormat.TryReadHeader(window.AsSpan(offset, count - offset), from + offset, out int total)
                    && total <= end - from - offset && IsIntact(table, from + offset, total, end))
                {
                    return from + offset;
                }

                offset += RecordFormat.Alignment;
            }

            if (count < wanted || offset == 0)
            {
                break;
            }

            from += offset;
        }

        return end;
    }

    /// <summary>Position after the last byte that is not zero, at least <paramref name="from"/>.</summary>
    public static long LastByte(SegmentTable table, long from, long end)
    {
        byte[] window = new byte[(int)Math.Clamp(end - from, 0, WindowBytes)];
        long last = from;
        while (from < end)
        {
            int count = table.Read(from, window, end);
            if (count <= 0)
            {
                break;
            }

            int index = window.AsSpan(0, count).LastIndexOfAnyExcept((byte)0);
            last = index < 0 ? last : from + index + 1;
            from += count;
        }

        return last;
    }

    private static bool IsIntact(SegmentTable table, long position, int total, long end)
    {
        byte[] record = new byte[total];
        return table.Read(position, record, end) == total && RecordFormat.IsIntact(record, position);
    }
}
