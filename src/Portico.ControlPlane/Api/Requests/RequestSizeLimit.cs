using Microsoft.AspNetCore.Http.Metadata;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>
/// Limits the body of an endpoint's requests. The attribute of the framework that does the same is in MVC, which nothing else here
/// uses, and an idle server would keep it in memory.
/// </summary>
/// <param name="MaxRequestBodySize">Bytes.</param>
internal sealed record RequestSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
