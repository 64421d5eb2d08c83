using Microsoft.AspNetCore.Http.Features;

namespace Portico.Edge.Records;

/// <summary>Counts the bytes of a websocket in both directions.</summary>
internal sealed class CountedUpgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
{
    /// <summary>Null until the connection is upgraded.</summary>
    public CountedStream? Connection { get; private set; }

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => Connection = new CountedStream(await inner.UpgradeAsync());
}
