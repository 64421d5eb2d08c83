using System.Collections.Immutable;
using System.Threading.Channels;

namespace Portico.ControlPlane.Background;

/// <summary>
/// Tells reconcilers to look again. A signal carries no data, so that one that is lost or doubled changes nothing:
/// what is to be done is always read from state.
/// </summary>
internal sealed class Wakeups
{
    private ImmutableList<Channel<bool>> _channels = [];

    public void Signal()
    {
        foreach (var channel in _channels)
            channel.Writer.TryWrite(true);
    }

    /// <summary>A channel of one: signals that come while one waits fall together.</summary>
    public ChannelReader<bool> Subscribe()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        ImmutableInterlocked.Update(ref _channels, static (list, added) => list.Add(added), channel);
        return channel.Reader;
    }
}
