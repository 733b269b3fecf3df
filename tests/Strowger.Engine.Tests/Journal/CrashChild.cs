using System.Globalization;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

/// <summary>
/// What the program under test does when <see cref="CrashTests"/> starts it again to be killed: appends from several tasks and
/// tells on standard output each record that the journal has confirmed, "D" once durable and "W" once with the kernel.
/// </summary>
public class CrashChild
{
    public const string Variable = "STROWGER_TEST_JOURNAL_CHILD";

    public static byte[] Payload(int number) => JournalFixture.Payload(number, number % 700);

    [Fact(Explicit = true)]
    public async Task Append_until_killed()
    {
        string directory = Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException($"{Variable} names no directory.");
        using StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true };
        await using Journal journal = Journal.Open(
            new JournalOptions { Directory = directory, SegmentBytes = 256 * 1024, MaxRecordBytes = 8192 }, TimeProvider.System);
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            while (true)
            {
                int number = Interlocked.Increment(ref next);
                byte[] payload = Payload(number);
                long position = journal.Append((byte)task, payload, number);
                bool waits = task != 0;
                if (waits)
                {
                    await journal.WaitDurableAsync(position + RecordFormat.TotalBytes(payload.Length));
                }
                else
                {
                    journal.Write();
                }

                lock (output)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(waits ? 'D' : 'W')} {position} {number}"));
                }

                await Task.Yield();
            }
        })));
    }
}
