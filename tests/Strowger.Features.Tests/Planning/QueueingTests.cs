using Strowger.Features.Planning;

namespace Strowger.Features.Tests.Planning;

/// <summary>The formulas against values from the literature.</summary>
public sealed class QueueingTests
{
    /// <summary>Erlang 1909: 1 - load get through at once; the mean is load / (2 (1 - load)) services.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void Of_one_server_share_without_a_wait_and_mean_are_the_known_ones(double load)
    {
        var queue = new MdOneQueue(load, 1);

        Assert.Equal(1 - load, queue.AtMost(0), 9);
        Assert.Equal(load / (2 * (1 - load)), queue.Mean, 9);

        // The mean once more, as the sum of all chances to wait longer.
        var sum = 0.0;
        var step = 1.0 / 64;
        for (var t = step / 2; t < 60 / (1 - load); t += step)
        {
            sum += (1 - queue.AtMost(t)) * step;
        }

        Assert.Equal(queue.Mean, sum, queue.Mean * 0.01);
    }

    /// <summary>Crommelin 1932: (1 - load) sum of (load (k - t))^k / k! e^(-load (k - t)), exact where t is small.</summary>
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.5, 3.7)]
    [InlineData(0.9, 5.25)]
    public void Of_one_server_the_distribution_is_Crommelins(double load, double t)
    {
        var sum = 0.0;
        var factorial = 1.0;
        for (var k = 0; k <= Math.Floor(t); k++)
        {
            factorial *= Math.Max(1, k);
            sum += Math.Pow(load * (k - t), k) / factorial * Math.Exp(-load * (k - t));
        }

        Assert.Equal((1 - load) * sum, new MdOneQueue(load, 1).AtMost(t), 7);
    }

    /// <summary>Two erlangs on three lines are 4/9; eight on ten are 0.409 in every table.</summary>
    [Theory]
    [InlineData(2, 3, 0.4444)]
    [InlineData(8, 10, 0.4092)]
    [InlineData(0.5, 1, 0.5)]
    public void Erlangs_C_is_that_of_the_tables(double load, int servers, double expected) =>
        Assert.Equal(expected, Queueing.ErlangC(load, servers), 4);

    [Fact]
    public void Many_servers_wait_as_one_does_where_there_is_one_and_less_than_M_M_c_where_there_are_more()
    {
        Assert.Equal(new MdOneQueue(0.7, 1).Mean, Queueing.MeanWaitMdc(0.7, 1, 1), 9);

        var exponential = Queueing.ErlangC(8, 10) / (10 * 0.2);
        Assert.InRange(Queueing.MeanWaitMdc(8, 1, 10), exponential / 2, exponential * 0.6);
    }
}
