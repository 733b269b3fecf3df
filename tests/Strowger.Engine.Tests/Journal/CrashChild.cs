using System.Runtime.CompilerServices;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

/// <summary>
/// The test program itself, started again to be killed: appends from several tasks and tells on standard output each record that
/// the journal has confirmed, "D" once durable and "W" once with the kernel.
/// </summary>
internal static class CrashChild
{
    public const string Variable = "STROWGER_TEST_JOURNAL_CHILD";

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } directory)
        {
            Run(directory).GetAwaiter().GetResult();
        }
    }

    public static byte[] Payload(int number) => JournalFixture.Payload(number, number % 700);

    private static async Task Run(string directory)
    {
        Journal journal = Journal.Open(new JournalOptions { Directory = directory, SegmentBytes = 256 * 1024, MaxRecordBytes = 8192 }, TimeProvider.System);
        int next = 0;
        Task[] tasks = [.. Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            while (true)
            {
                int number = Interlocked.Increment(ref next);
                byte[] payload = Payload(number);
                long position = journal.Append((byte)task, payload, number);
                if (task == 0)
                {
                    journal.Write();
                }
                else
                {
                    await journal.WaitDurableAsync(position + RecordFormat.TotalBytes(payload.Length));
                }

                Console.Out.WriteLine($"{(task == 0 ? 'W' : 'D')} {position} {number}");
                if (task == 0)
                {
                    await Task.Delay(1);
                }
            }
        }))];
        await Task.WhenAll(tasks);
    }
}
