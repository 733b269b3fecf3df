using System.Diagnostics;

namespace Strowger.SystemTests.Harness;

/// <summary>Waits for what another process does and tells nobody: asks again until it is so, within a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(25);

    /// <summary>The first answer that fits.</summary>
    /// <param name="what">For the message of failure.</param>
    /// <param name="patience">At most.</param>
    /// <param name="ask">Asked again and again.</param>
    /// <param name="fits">Whether that is it.</param>
    public static async Task<T> GetAsync<T>(string what, TimeSpan patience, Func<Task<T>> ask, Func<T, bool> fits)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (fits(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                Assert.Fail($"Within {patience.TotalSeconds} s this has not come true: {what}. Last: {answer}");
            }

            await Task.Delay(_pause);
        }
    }

    public static Task TrueAsync(string what, TimeSpan patience, Func<Task<bool>> ask) => GetAsync(what, patience, ask, static yes => yes);
}
