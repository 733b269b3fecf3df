using System.Diagnostics;
using System.Globalization;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

public class CrashTests
{
    [Fact]
    public async Task A_killed_process_loses_nothing_that_was_confirmed()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using JournalFixture f = new();
        f.Options = f.Options with { SegmentBytes = 256 * 1024 };
        Random random = new(7);
        Dictionary<long, int> confirmed = [];
        for (int round = 0; round < 4; round++)
        {
            using Process child = Start(f.Directory);
            int lines = random.Next(200, 4000);
            string? whole = null;
            while (await child.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                // The last line may be cut by the kill: each is counted when the next one has come.
                (string? read, whole) = (whole, line);
                if (read?.Split(' ') is ["D" or "W", var position, var number])
                {
                    confirmed[long.Parse(position, CultureInfo.InvariantCulture)] = int.Parse(number, CultureInfo.InvariantCulture);
                }

                if (--lines == 0)
                {
                    child.Kill();
                }
            }

            await child.WaitForExitAsync(cancel);
            await using Journal journal = f.Open();
            Assert.True(confirmed.Count > 200);
            byte[] buffer = [];
            foreach ((long position, int number) in confirmed)
            {
                Assert.True(journal.TryRead(position, ref buffer, out RecordView record));
                Assert.True(record.Payload.SequenceEqual(CrashChild.Payload(number)));
                Assert.Equal(number, record.TimeMs);
            }

            Assert.DoesNotContain(f.Incidents, i => i.Kind != JournalIncidentKind.TornTail);
        }
    }

    private static Process Start(string directory)
    {
        string host = Environment.ProcessPath!;
        ProcessStartInfo start = new(host) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        }

        foreach (string argument in (string[])["-method", $"{typeof(CrashChild).FullName}.{nameof(CrashChild.Append_until_killed)}", "-explicit", "only", "-noLogo"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[CrashChild.Variable] = directory;
        return Process.Start(start)!;
    }
}
