namespace Portico.ControlPlane.Refusals;

/// <summary>The kind of a refusal. The API maps each kind to an HTTP status.</summary>
internal enum RefusalKind
{
    /// <summary>A field, a parameter or a combination of them is invalid.</summary>
    Invalid,

    /// <summary>The request is well-formed, but its content is not what it claims to be.</summary>
    Unprocessable,

    /// <summary>The caller is known, but lacks the permission.</summary>
    Forbidden,

    /// <summary>The resource does not exist, or the caller may not know that it exists.</summary>
    NotFound,

    /// <summary>The present state of the resource does not allow the request.</summary>
    Conflict,

    /// <summary>The content is larger than the limit.</summary>
    TooLarge,

    /// <summary>The caller has reached a rate limit.</summary>
    TooManyRequests,

    /// <summary>The machine's disk has too little free space.</summary>
    OutOfSpace,
}
