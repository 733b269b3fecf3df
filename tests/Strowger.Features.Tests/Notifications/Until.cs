using System.Runtime.CompilerServices;

namespace Strowger.Features.Tests.Notifications;

internal static class Until
{
    /// <summary>So that asking does not take the processor from what is waited for.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks again until it is so.</summary>
    public static async Task TrueAsync(Func<bool> condition, Func<string>? found = null, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"waited 40 s for {what}; {found?.Invoke()}");
            await Task.Delay(_pause);
        }
    }
}
