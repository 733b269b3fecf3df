using Strowger.Load.Fuzzing;

namespace Strowger.Load.Tests;

/// <summary>The fuzzing of the bench run, short: <c>strowger bench sms --only fuzz --fuzz 10000000</c> is the long one.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 30_000;

    public static TheoryData<string> Targets => [.. FuzzTargets.All().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_makes_a_reader_throw(string name)
    {
        var result = FuzzRunner.Run(Find(name), Inputs, seed: 20261120, TestContext.Current.CancellationToken);
        Assert.True(result.Faults == 0, result.FirstFault);
        Assert.Equal(Inputs, result.Inputs);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Good_inputs_are_read(string name)
    {
        var target = Find(name);
        Assert.NotEmpty(target.Seeds);
        foreach (var seed in target.Seeds)
        {
            target.Read(seed);
        }

        target.Read([]);
    }

    [Theory]
    [InlineData("00FFFE410042")]
    [InlineData("00FEFF410042")]
    public void A_byte_order_mark_is_no_fault(string input) => Find("text encoder").Read(Convert.FromHexString(input));

    [Fact]
    public void A_fault_is_counted_and_told_with_its_input()
    {
        var result = FuzzRunner.Run(new Faulty(), 1000, seed: 1, TestContext.Current.CancellationToken);
        Assert.InRange(result.Faults, 1, 999);
        Assert.StartsWith("InvalidOperationException: Not so: no seven", result.FirstFault, StringComparison.Ordinal);
        Assert.Contains("07", result.FirstFault, StringComparison.Ordinal);
        Assert.Equal(result with { Elapsed = default, SlowestMs = 0 }, FuzzRunner.Run(new Faulty(), 1000, seed: 1, TestContext.Current.CancellationToken) with { Elapsed = default, SlowestMs = 0 });
    }

    [Fact]
    public void Inputs_stay_within_the_buffer_and_some_are_huge()
    {
        var mutator = new Mutator(FuzzTargets.All()[0].Seeds, new Random(2));
        var longest = Enumerable.Range(0, 200_000).Max(_ => mutator.Next());
        Assert.InRange(longest, 70_000, Mutator.MaxBytes);
    }

    private static FuzzTarget Find(string name) => FuzzTargets.All().Single(target => target.Name == name);

    private sealed class Faulty : FuzzTarget
    {
        public override string Name => "faulty";

        public override IReadOnlyList<byte[]> Seeds => [[1, 2, 3], [6, 6, 6]];

        public override void Read(ReadOnlySpan<byte> input) => Require(!input.Contains((byte)7), "no seven");
    }
}
