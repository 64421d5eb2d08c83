using Microsoft.AspNetCore.Server.Kestrel.Core;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>How large the head of a request may be.</summary>
internal sealed record RequestLimits(int TargetBytes, int HeaderBytes, int HeaderFields)
{
    /// <summary>The request line has a method and a version beside the target.</summary>
    private const int AroundTarget = 512;

    public static RequestLimits Of(ClientLimits limits) => new(
        limits.TargetBytes ?? ClientLimits.DefaultTargetBytes, limits.HeaderBytes ?? ClientLimits.DefaultHeaderBytes,
        limits.HeaderFields ?? ClientLimits.DefaultHeaderFields);

    /// <summary>Kestrel reads its limits for each request, so they can be changed while it runs.</summary>
    public void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = TargetBytes + AroundTarget;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = HeaderFields;
        limits.Http2.MaxRequestHeaderFieldSize = Math.Max(TargetBytes, HeaderBytes);
    }
}
