//! Made by `generator.rs`: `FLOW_REGENERATE=1 cargo test --test ways` writes it anew.

#![allow(clippy::all, clippy::pedantic, unused, reason = "nobody wrote it")]

use flow::prelude::*;

use super::script::{INSIDE, LEFT, Script, ask, inner, may, work};

#[workflow]
pub(super) async fn w0(#[state] script: &Script) -> Result<u32> {
    if ask(script).await? {
        map(vec![1, 2], async |_n: u32| {
            if ask(script).await? {
                #[bound(2, break)]
                'l1: while ask(script).await? {
                    work().await?;
                    #[bound(2, break)]
                    'l2: loop {
                        work().await?;
                        return work().await;
                    }
                }
                'l3: {
                    work().await?;
                }
            }
            else {
                if script.flag() {
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                    };
                }
                if ask(script).await? {
                    work().await?;
                    work().await?;
                    'l4: while script.flag() {
                        if script.flag() {
                            return Ok(3);
                        }
                    }
                }
                else {
                    work().await?;
                    return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                }
                return Ok(3);
            }
            work().await?;
            return work().await;
            match may(script).await { Ok(_) => {
                match may(script).await { Ok(_) => {
                    Ok(2)
                } Err(_) => {
                    work().await
                } }
            } Err(_) => {
                work().await
            } }
        }).bound(2).await?;
        return work().await;
    }
    else {
        return work().await;
    }
}

#[workflow]
pub(super) async fn w1(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        match may(script).await {
            Ok(_) => {
                if script.flag() {
                    if ask(script).await? {
                        flow::bail!("{LEFT}");
                    }
                    else {
                        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                    }
                }
                else {
                    let _ = join!(async {
                        return work().await;
                        Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                    }, async {
                        flow::bail!("{INSIDE}");
                        Ok(2)
                    });
                }
                if script.flag() {
                    if ask(script).await? {
                        return Ok(3);
                    }
                    else {
                        return Ok(3);
                    }
                }
                else {
                    may(script).await?;
                    may(script).await?;
                    work().await?;
                }
                let _ = join!(async {
                    may(script).await?;
                    work().await?;
                    work().await
                }, async {
                    #[bound(2)]
                    'l1: loop {
                        work().await?;
                        continue;
                    }
                    return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                    Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                });
            }
            Err(_) => {
                return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
            }
        }
    }
    else {
        return work().await;
    }
    match may(script).await { Ok(_) => {
        Ok(2)
    } Err(_) => {
        Ok(2)
    } }
}

#[workflow]
pub(super) async fn w2(#[state] script: &Script) -> Result<u32> {
    if ask(script).await? {
        let _ = join!(async {
            work().await?;
            if script.flag() && ask(script).await? {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                };
            }
            match may(script).await { Ok(_) => {
                work().await
            } Err(_) => {
                Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
            } }
        }, async {
            may(script).await?;
            if script.flag() {
                match may(script).await { Ok(_) => {
                    Ok(2)
                } Err(_) => {
                    Ok(2)
                } }
            } else {
                Ok(2)
            }
        });
        let _ = join!(async {
            'l1: {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Ok(3);
                };
                match may(script).await {
                    Ok(_) => {
                        break 'l1;
                    }
                    Err(_) => {
                        return work().await;
                    }
                }
            }
            work().await?;
            work().await
        }, async {
            match may(script).await {
                Ok(_) => {
                    if script.flag() || ask(script).await? {
                        flow::bail!("{INSIDE}");
                    }
                    'l2: for _ in 0..2 {
                        work().await?;
                        continue;
                    }
                }
                Err(_) => {
                    return work().await;
                }
            }
            return Ok(3);
            Ok(2)
        });
        return work().await;
    }
    else {
        work().await?;
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w3(#[state] script: &Script) -> Result<u32> {
    work().await?;
    if let Err(_) = may(script).await {
        #[bound(2, break)]
        'l1: while script.flag() {
            work().await?;
            if script.flag() {
                if script.flag() && ask(script).await? {
                    let _ = join!(async {
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                        if script.flag() {
                            if script.flag() {
                                Ok(2)
                            } else {
                                Ok(2)
                            }
                        } else {
                            Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                        }
                    }, async {
                        return work().await;
                        match may(script).await { Ok(_) => {
                            work().await
                        } Err(_) => {
                            match may(script).await { Ok(_) => {
                                work().await
                            } Err(_) => {
                                Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                            } }
                        } }
                    });
                    'l2: for _ in 0..2 {
                        work().await?;
                        work().await?;
                        break 'l1;
                    }
                    'l3: while script.flag() {
                        if script.flag() {
                            continue 'l1;
                        }
                    }
                }
                if script.flag() && ask(script).await? {
                    'l4: for _ in 0..3 {
                        if script.flag() {
                            break;
                        }
                    }
                }
                'l5: for _ in 0..2 {
                    work().await?;
                    if ask(script).await? {
                        continue;
                    }
                    else {
                        return work().await;
                    }
                }
            }
            let Ok(_) = may(script).await else {
                work().await?;
                return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
            };
            work().await?;
        }
    }
    return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
}

#[workflow]
pub(super) async fn w4(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        work().await?;
    }
    else {
        if script.flag() {
            'l1: for _ in 0..2 {
                work().await?;
                if script.flag() {
                    if script.flag() {
                        break;
                    }
                }
            }
            if script.flag() && ask(script).await? {
                'l2: {
                    may(script).await?;
                }
                if script.flag() {
                    #[bound(2, break)]
                    'l3: while ask(script).await? {
                        work().await?;
                        break;
                    }
                }
                else {
                    'l4: {
                        break 'l4;
                    }
                }
            }
            if script.flag() {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                };
            }
        }
        else {
            work().await?;
            return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
        }
        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
    }
    match may(script).await { Ok(_) => {
        Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
    } Err(_) => {
        if script.flag() {
            Ok(2)
        } else {
            Ok(2)
        }
    } }
}

#[workflow]
pub(super) async fn w5(#[state] script: &Script) -> Result<u32> {
    work().await?;
    'l1: {
        work().await?;
        match may(script).await {
            Ok(_) => {
                let _ = join!(async {
                    if script.flag() {
                        return work().await;
                    }
                    else {
                        return Ok(3);
                    }
                    work().await
                }, async {
                    work().await?;
                    match may(script).await { Ok(_) => {
                        work().await
                    } Err(_) => {
                        work().await
                    } }
                });
                if script.flag() {
                    if ask(script).await? {
                        return Ok(3);
                    }
                    else {
                        break 'l1;
                    }
                }
            }
            Err(_) => {
                #[bound(2)]
                'l2: while script.flag() {
                    work().await?;
                    if let Err(_) = may(script).await {
                        break 'l1;
                    }
                    if script.flag() {
                        break 'l1;
                    }
                    may(script).await?;
                }
                'l3: while script.flag() {
                    if script.flag() {
                        break;
                    }
                }
            }
        }
    }
    return work().await;
}

#[workflow]
pub(super) async fn w6(#[state] script: &Script) -> Result<u32> {
    'l1: for _ in 0..2 {
        work().await?;
        work().await?;
        match may(script).await {
            Ok(_) => {
                if ask(script).await? {
                    if ask(script).await? {
                        continue;
                    }
                    else {
                        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                    }
                }
                else {
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                    };
                    if script.flag() {
                        break;
                    }
                    work().await?;
                }
            }
            Err(_) => {
                work().await?;
                try_join!(async {
                    work().await?;
                    'l2: {
                        work().await?;
                        break 'l2;
                    }
                    work().await?;
                    work().await
                }, async {
                    if ask(script).await? {
                        return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                    }
                    else {
                        return Ok(3);
                    }
                    match may(script).await { Ok(_) => {
                        work().await
                    } Err(_) => {
                        match may(script).await { Ok(_) => {
                            Ok(2)
                        } Err(_) => {
                            Ok(2)
                        } }
                    } }
                })?;
                break;
            }
        }
    }
    flow::bail!("{LEFT}");
}

#[workflow]
pub(super) async fn w7(#[state] script: &Script) -> Result<u32> {
    'l1: while script.flag() {
        if script.flag() {
            break;
        }
    }
    if script.flag() {
        Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
    } else {
        work().await
    }
}

#[workflow]
pub(super) async fn w8(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        work().await?;
        let Ok(_) = may(script).await else {
            work().await?;
            return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
        };
        inner().await?;
    }
    if script.flag() {
        work().await?;
    }
    if script.flag() {
        work().await?;
        if script.flag() {
            match may(script).await {
                Ok(_) => {
                    'l1: {
                        break 'l1;
                    }
                    match may(script).await {
                        Ok(_) => {
                            return work().await;
                        }
                        Err(_) => {
                            return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                        }
                    }
                }
                Err(_) => {
                    #[bound(2, break)]
                    'l2: while ask(script).await? {
                        work().await?;
                        continue;
                    }
                    if script.flag() && ask(script).await? {
                        work().await?;
                        return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                    }
                    return Ok(3);
                }
            }
        }
        else {
            return Ok(3);
        }
    }
    work().await
}

#[workflow]
pub(super) async fn w9(#[state] script: &Script) -> Result<u32> {
    if script.flag() && ask(script).await? {
        #[bound(2, break)]
        'l1: loop {
            work().await?;
            if let Err(_) = may(script).await {
                'l2: for _ in 0..3 {
                    if script.flag() {
                        continue 'l1;
                    }
                }
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                };
                'l3: {
                    match may(script).await {
                        Ok(_) => {
                            return work().await;
                        }
                        Err(_) => {
                            return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                        }
                    }
                }
            }
            work().await?;
        }
        if ask(script).await? {
            map(vec![1, 2], async |_n: u32| {
                if script.flag() {
                    may(script).await?;
                }
                else {
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return work().await;
                    };
                    #[bound(2, break)]
                    'l4: while script.flag() {
                        work().await?;
                        continue;
                    }
                }
                work().await?;
                match may(script).await { Ok(_) => {
                    match may(script).await { Ok(_) => {
                        Ok(2)
                    } Err(_) => {
                        Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                    } }
                } Err(_) => {
                    work().await
                } }
            }).bound(2).settle().await?;
            return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
        }
        else {
            work().await?;
            return work().await;
        }
    }
    return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
}

#[workflow]
pub(super) async fn w10(#[state] script: &Script) -> Result<u32> {
    'l1: {
        'l2: {
            'l3: for _ in 0..2 {
                work().await?;
                if let Err(_) = may(script).await {
                    #[bound(2, break)]
                    'l4: loop {
                        work().await?;
                        return work().await;
                    }
                }
                if script.flag() {
                    try_join!(async {
                        return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                        Ok(2)
                    }, async {
                        work().await?;
                        flow::bail!("{INSIDE}");
                        Ok(2)
                    })?;
                    match may(script).await {
                        Ok(_) => {
                            break 'l2;
                        }
                        Err(_) => {
                            return Ok(3);
                        }
                    }
                }
                else {
                    may(script).await?;
                }
                map(vec![1, 2], async |_n: u32| {
                    'l5: while script.flag() {
                        if script.flag() {
                            break;
                        }
                    }
                    work().await?;
                    Ok(2)
                }).bound(2).settle().await?;
            }
            if let Err(_) = may(script).await {
                if script.flag() || ask(script).await? {
                    work().await?;
                    work().await?;
                    break 'l1;
                }
            }
        }
    }
    return Ok(3);
}

#[workflow]
pub(super) async fn w11(#[state] script: &Script) -> Result<u32> {
    may(script).await?;
    let Ok(_) = may(script).await else {
        work().await?;
        return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
    };
    let _ = join!(async {
        match may(script).await {
            Ok(_) => {
                #[bound(2, break)]
                'l1: while ask(script).await? {
                    work().await?;
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                    };
                }
            }
            Err(_) => {
                #[bound(2, break)]
                'l2: while ask(script).await? {
                    work().await?;
                    'l3: {
                        work().await?;
                        break 'l3;
                    }
                }
            }
        }
        match may(script).await {
            Ok(_) => {
                work().await?;
            }
            Err(_) => {
                if script.flag() {
                    if script.flag() {
                        work().await?;
                        flow::bail!("{INSIDE}");
                    }
                }
            }
        }
        work().await
    }, async {
        if let Err(_) = may(script).await {
            if script.flag() {
                return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
            }
            else {
                flow::bail!("{INSIDE}");
            }
        }
        Ok(2)
    });
    Ok(2)
}

#[workflow]
pub(super) async fn w12(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        work().await?;
        work().await?;
        'l1: for _ in 0..2 {
            work().await?;
            inner().await?;
            'l2: for _ in 0..2 {
                work().await?;
                if script.flag() {
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return work().await;
                    };
                    try_join!(async {
                        work().await?;
                        flow::bail!("{INSIDE}");
                        work().await
                    }, async {
                        flow::bail!("{INSIDE}");
                        Ok(2)
                    })?;
                    #[bound(2)]
                    'l3: loop {
                        work().await?;
                        continue;
                    }
                }
                else {
                    if ask(script).await? {
                        break 'l1;
                    }
                    else {
                        continue 'l1;
                    }
                }
                if script.flag() {
                    work().await?;
                }
            }
        }
    }
    else {
        'l4: while script.flag() {
            if script.flag() {
                return Ok(3);
            }
        }
    }
    work().await?;
    return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
}

#[workflow]
pub(super) async fn w13(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        #[bound(2, break)]
        'l1: while ask(script).await? {
            work().await?;
            if ask(script).await? {
                may(script).await?;
            }
            else {
                work().await?;
                'l2: for _ in 0..3 {
                    if script.flag() {
                        break;
                    }
                }
            }
            'l3: for _ in 0..2 {
                work().await?;
                work().await?;
            }
        }
        if script.flag() && ask(script).await? {
            let Ok(_) = may(script).await else {
                work().await?;
                return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
            };
            work().await?;
            if let Err(_) = may(script).await {
                if ask(script).await? {
                    may(script).await?;
                }
                else {
                    work().await?;
                    return Ok(3);
                }
                work().await?;
                flow::bail!("{LEFT}");
            }
        }
        return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
    }
    return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
}

#[workflow]
pub(super) async fn w14(#[state] script: &Script) -> Result<u32> {
    inner().await?;
    if script.flag() {
        let Ok(_) = may(script).await else {
            work().await?;
            return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
        };
    }
    #[bound(2)]
    'l1: while script.flag() {
        work().await?;
        #[bound(2, break)]
        'l2: while script.flag() {
            work().await?;
            match may(script).await {
                Ok(_) => {
                    if let Err(_) = may(script).await {
                        return work().await;
                    }
                }
                Err(_) => {
                    if let Err(_) = may(script).await {
                        break 'l1;
                    }
                    #[bound(2)]
                    'l3: while ask(script).await? {
                        work().await?;
                        continue 'l2;
                    }
                    if ask(script).await? {
                        break 'l1;
                    }
                    else {
                        continue;
                    }
                }
            }
            work().await?;
        }
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w15(#[state] script: &Script) -> Result<u32> {
    #[bound(2, break)]
    'l1: while ask(script).await? {
        work().await?;
        #[bound(2)]
        'l2: while ask(script).await? {
            work().await?;
            inner().await?;
            if script.flag() && ask(script).await? {
                try_join!(async {
                    match may(script).await {
                        Ok(_) => {
                            return Ok(3);
                        }
                        Err(_) => {
                            return Ok(3);
                        }
                    }
                    work().await
                }, async {
                    match may(script).await {
                        Ok(_) => {
                            return Ok(3);
                        }
                        Err(_) => {
                            work().await?;
                        }
                    }
                    #[bound(2, break)]
                    'l3: loop {
                        work().await?;
                        work().await?;
                    }
                    Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                })?;
            }
        }
        work().await?;
    }
    work().await
}

#[workflow]
pub(super) async fn w16(#[state] script: &Script) -> Result<u32> {
    'l1: for _ in 0..2 {
        work().await?;
        'l2: for _ in 0..3 {
            if script.flag() {
                return Ok(3);
            }
        }
        'l3: for _ in 0..2 {
            work().await?;
            if script.flag() {
                match may(script).await {
                    Ok(_) => {
                        continue;
                    }
                    Err(_) => {
                        continue 'l1;
                    }
                }
            }
            'l4: for _ in 0..3 {
                if script.flag() {
                    flow::bail!("{LEFT}");
                }
            }
        }
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w17(#[state] script: &Script) -> Result<u32> {
    work().await?;
    work().await?;
    inner().await?;
    match may(script).await { Ok(_) => {
        if script.flag() {
            work().await
        } else {
            Ok(2)
        }
    } Err(_) => {
        Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
    } }
}

#[workflow]
pub(super) async fn w18(#[state] script: &Script) -> Result<u32> {
    let _ = join!(async {
        let Ok(_) = may(script).await else {
            work().await?;
            return Ok(3);
        };
        if ask(script).await? {
            'l1: {
                if script.flag() {
                    may(script).await?;
                    #[bound(2)]
                    'l2: while ask(script).await? {
                        work().await?;
                        break 'l1;
                    }
                }
                match may(script).await {
                    Ok(_) => {
                        break 'l1;
                    }
                    Err(_) => {
                        break 'l1;
                    }
                }
            }
        }
        else {
            'l3: for _ in 0..3 {
                if script.flag() {
                    continue;
                }
            }
        }
        'l4: for _ in 0..2 {
            work().await?;
            #[bound(2)]
            'l5: while script.flag() {
                work().await?;
                if script.flag() || ask(script).await? {
                    work().await?;
                    match may(script).await {
                        Ok(_) => {
                            continue;
                        }
                        Err(_) => {
                            break 'l4;
                        }
                    }
                }
            }
            break;
        }
        Ok(2)
    }, async {
        return Ok(3);
        Ok(2)
    });
    if script.flag() {
        Ok(2)
    } else {
        match may(script).await { Ok(_) => {
            Ok(2)
        } Err(_) => {
            Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
        } }
    }
}

#[workflow]
pub(super) async fn w19(#[state] script: &Script) -> Result<u32> {
    if script.flag() && ask(script).await? {
        match may(script).await {
            Ok(_) => {
                map(vec![1, 2], async |_n: u32| {
                    #[bound(2)]
                    'l1: while ask(script).await? {
                        work().await?;
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                    }
                    if script.flag() {
                        Ok(2)
                    } else {
                        Ok(2)
                    }
                }).bound(2).await.is_ok();
                #[bound(2, break)]
                'l2: loop {
                    work().await?;
                    map(vec![1, 2], async |_n: u32| {
                        flow::bail!("{INSIDE}");
                        Ok(2)
                    }).bound(2).settle().await?;
                    if script.flag() && ask(script).await? {
                        break;
                    }
                    work().await?;
                }
                map(vec![1, 2], async |_n: u32| {
                    if ask(script).await? {
                        return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                    }
                    else {
                        return Ok(3);
                    }
                    Ok(2)
                }).bound(2).await.is_ok();
            }
            Err(_) => {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                };
            }
        }
        if ask(script).await? {
            let Ok(_) = may(script).await else {
                work().await?;
                return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
            };
            map(vec![1, 2], async |_n: u32| {
                return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                Ok(2)
            }).bound(2).await?;
        }
        else {
            return Ok(3);
        }
        work().await?;
    }
    Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
}

#[workflow]
pub(super) async fn w20(#[state] script: &Script) -> Result<u32> {
    map(vec![1, 2], async |_n: u32| {
        #[bound(2, break)]
        'l1: loop {
            work().await?;
            'l2: for _ in 0..2 {
                work().await?;
                'l3: for _ in 0..2 {
                    work().await?;
                    #[bound(2)]
                    'l4: loop {
                        work().await?;
                        return work().await;
                    }
                    #[bound(2, break)]
                    'l5: while ask(script).await? {
                        work().await?;
                        return work().await;
                    }
                }
            }
            if script.flag() {
                #[bound(2)]
                'l6: while ask(script).await? {
                    work().await?;
                    'l7: for _ in 0..3 {
                        if script.flag() {
                            return Ok(3);
                        }
                    }
                    work().await?;
                    #[bound(2, break)]
                    'l8: while script.flag() {
                        work().await?;
                        continue 'l6;
                    }
                }
            }
            else {
                #[bound(2)]
                'l9: loop {
                    work().await?;
                    'l10: for _ in 0..2 {
                        work().await?;
                        work().await?;
                    }
                }
                inner().await?;
            }
        }
        return work().await;
        work().await
    }).bound(2).await?;
    Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
}

#[workflow]
pub(super) async fn w21(#[state] script: &Script) -> Result<u32> {
    match may(script).await {
        Ok(_) => {
            'l1: {
                work().await?;
                work().await?;
                #[bound(2, break)]
                'l2: while script.flag() {
                    work().await?;
                    if ask(script).await? {
                        break;
                    }
                    else {
                        work().await?;
                        continue;
                    }
                }
            }
            may(script).await?;
            if script.flag() && ask(script).await? {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                };
                let _ = join!(async {
                    'l3: {
                        break 'l3;
                    }
                    if script.flag() || ask(script).await? {
                        return Ok(3);
                    }
                    if script.flag() {
                        Ok(2)
                    } else {
                        work().await
                    }
                }, async {
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                    };
                    may(script).await?;
                    Ok(2)
                });
                return work().await;
            }
        }
        Err(_) => {
            return work().await;
        }
    }
    return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
}

#[workflow]
pub(super) async fn w22(#[state] script: &Script) -> Result<u32> {
    if script.flag() && ask(script).await? {
        'l1: {
            if script.flag() {
                if script.flag() {
                    if script.flag() {
                        break 'l1;
                    }
                    map(vec![1, 2], async |_n: u32| {
                        flow::bail!("{INSIDE}");
                        Ok(2)
                    }).bound(2).settle().await?;
                }
                inner().await?;
                'l2: for _ in 0..2 {
                    work().await?;
                    if script.flag() {
                        break 'l1;
                    }
                    else {
                        flow::bail!("{LEFT}");
                    }
                }
            }
            else {
                inner().await?;
                let _ = join!(async {
                    'l3: for _ in 0..2 {
                        work().await?;
                        break;
                    }
                    match may(script).await { Ok(_) => {
                        Ok(2)
                    } Err(_) => {
                        Ok(2)
                    } }
                }, async {
                    if script.flag() {
                        return Ok(3);
                    }
                    else {
                        flow::bail!("{INSIDE}");
                    }
                    match may(script).await { Ok(_) => {
                        Ok(2)
                    } Err(_) => {
                        Ok(2)
                    } }
                });
                work().await?;
            }
            return Ok(3);
        }
    }
    return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
}

#[workflow]
pub(super) async fn w23(#[state] script: &Script) -> Result<u32> {
    if let Err(_) = may(script).await {
        let Ok(_) = may(script).await else {
            work().await?;
            return work().await;
        };
        if ask(script).await? {
            work().await?;
        }
        else {
            work().await?;
        }
        'l1: {
            #[bound(2)]
            'l2: while ask(script).await? {
                work().await?;
                match may(script).await {
                    Ok(_) => {
                        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                    }
                    Err(_) => {
                        continue;
                    }
                }
            }
        }
    }
    if let Err(_) = may(script).await {
        work().await?;
        map(vec![1, 2], async |_n: u32| {
            if script.flag() || ask(script).await? {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Ok(3);
                };
                'l3: for _ in 0..3 {
                    if script.flag() {
                        break;
                    }
                }
                return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
            }
            return Ok(3);
            work().await
        }).bound(2).settle().await?;
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w24(#[state] script: &Script) -> Result<u32> {
    if ask(script).await? {
        work().await?;
        if let Err(_) = may(script).await {
            if script.flag() {
                'l1: {
                    work().await?;
                    work().await?;
                }
                work().await?;
                if script.flag() || ask(script).await? {
                    if ask(script).await? {
                        return work().await;
                    }
                    else {
                        flow::bail!("{LEFT}");
                    }
                }
            }
            else {
                inner().await?;
                work().await?;
                inner().await?;
            }
            let Ok(_) = may(script).await else {
                work().await?;
                return Ok(3);
            };
            flow::bail!("{LEFT}");
        }
    }
    else {
        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
    }
    work().await
}

#[workflow]
pub(super) async fn w25(#[state] script: &Script) -> Result<u32> {
    work().await?;
    if script.flag() {
        match may(script).await { Ok(_) => {
            Ok(2)
        } Err(_) => {
            Ok(2)
        } }
    } else {
        Ok(2)
    }
}

#[workflow]
pub(super) async fn w26(#[state] script: &Script) -> Result<u32> {
    #[bound(2, break)]
    'l1: while ask(script).await? {
        work().await?;
        if script.flag() || ask(script).await? {
            work().await?;
        }
        if script.flag() {
            #[bound(2)]
            'l2: while script.flag() {
                work().await?;
                inner().await?;
                work().await?;
                'l3: for _ in 0..2 {
                    work().await?;
                    if script.flag() || ask(script).await? {
                        break 'l2;
                    }
                    if script.flag() && ask(script).await? {
                        continue 'l1;
                    }
                }
            }
        }
        else {
            if script.flag() && ask(script).await? {
                if script.flag() {
                    work().await?;
                    let Ok(_) = may(script).await else {
                        work().await?;
                        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                    };
                    continue;
                }
                else {
                    continue;
                }
            }
            return Ok(3);
        }
    }
    work().await
}

#[workflow]
pub(super) async fn w27(#[state] script: &Script) -> Result<u32> {
    if let Err(_) = may(script).await {
        work().await?;
        'l1: {
            inner().await?;
        }
        let Ok(_) = may(script).await else {
            work().await?;
            flow::bail!("{LEFT}");
        };
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w28(#[state] script: &Script) -> Result<u32> {
    #[bound(2, break)]
    'l1: loop {
        work().await?;
        if script.flag() {
            #[bound(2)]
            'l2: while script.flag() {
                work().await?;
                #[bound(2, break)]
                'l3: while script.flag() {
                    work().await?;
                    if script.flag() {
                        break 'l1;
                    }
                    let _ = join!(async {
                        return Ok(3);
                        Ok(2)
                    }, async {
                        return work().await;
                        if script.flag() {
                            Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                        } else {
                            Ok(2)
                        }
                    });
                }
                'l4: {
                    let _ = join!(async {
                        flow::bail!("{INSIDE}");
                        match may(script).await { Ok(_) => {
                            work().await
                        } Err(_) => {
                            work().await
                        } }
                    }, async {
                        return work().await;
                        Ok(2)
                    });
                }
                match may(script).await {
                    Ok(_) => {
                        continue;
                    }
                    Err(_) => {
                        flow::bail!("{LEFT}");
                    }
                }
            }
        }
        may(script).await?;
    }
    Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
}

#[workflow]
pub(super) async fn w29(#[state] script: &Script) -> Result<u32> {
    'l1: {
        if script.flag() {
            if let Err(_) = may(script).await {
                map(vec![1, 2], async |_n: u32| {
                    #[bound(2)]
                    'l2: while script.flag() {
                        work().await?;
                        break;
                    }
                    #[bound(2)]
                    'l3: while script.flag() {
                        work().await?;
                        continue;
                    }
                    match may(script).await {
                        Ok(_) => {
                            return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                        }
                        Err(_) => {
                            flow::bail!("{INSIDE}");
                        }
                    }
                    match may(script).await { Ok(_) => {
                        match may(script).await { Ok(_) => {
                            Ok(2)
                        } Err(_) => {
                            Ok(2)
                        } }
                    } Err(_) => {
                        Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                    } }
                }).bound(2).await.is_ok();
            }
            if script.flag() {
                'l4: while script.flag() {
                    if script.flag() {
                        continue;
                    }
                }
            }
            else {
                'l5: {
                    if script.flag() {
                        break 'l5;
                    }
                }
                let _ = join!(async {
                    #[bound(2)]
                    'l6: loop {
                        work().await?;
                        work().await?;
                        return work().await;
                    }
                    work().await?;
                    work().await
                }, async {
                    return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                    match may(script).await { Ok(_) => {
                        work().await
                    } Err(_) => {
                        if script.flag() {
                            Ok(2)
                        } else {
                            Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                        }
                    } }
                });
            }
            return Ok(3);
        }
        else {
            break 'l1;
        }
    }
    match may(script).await { Ok(_) => {
        Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
    } Err(_) => {
        match may(script).await { Ok(_) => {
            Ok(2)
        } Err(_) => {
            Ok(2)
        } }
    } }
}

#[workflow]
pub(super) async fn w30(#[state] script: &Script) -> Result<u32> {
    #[bound(2, break)]
    'l1: while ask(script).await? {
        work().await?;
        if script.flag() {
            if let Err(_) = may(script).await {
                if script.flag() {
                    'l2: for _ in 0..2 {
                        work().await?;
                        flow::bail!("{LEFT}");
                    }
                }
            }
        }
        may(script).await?;
        if script.flag() {
            let _ = join!(async {
                work().await?;
                inner().await?;
                work().await
            }, async {
                'l3: {
                    'l4: for _ in 0..2 {
                        work().await?;
                        work().await?;
                    }
                }
                Ok(2)
            });
            work().await?;
        }
        else {
            inner().await?;
        }
    }
    return work().await;
}

#[workflow]
pub(super) async fn w31(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        inner().await?;
        match may(script).await {
            Ok(_) => {
                if let Err(_) = may(script).await {
                    'l1: while script.flag() {
                        if script.flag() {
                            flow::bail!("{LEFT}");
                        }
                    }
                }
            }
            Err(_) => {
                match may(script).await {
                    Ok(_) => {
                        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                    }
                    Err(_) => {
                        work().await?;
                        return work().await;
                    }
                }
            }
        }
        'l2: {
            match may(script).await {
                Ok(_) => {
                    if ask(script).await? {
                        work().await?;
                        break 'l2;
                    }
                    else {
                        break 'l2;
                    }
                }
                Err(_) => {
                    map(vec![1, 2], async |_n: u32| {
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                        Ok(2)
                    }).bound(2).await?;
                    match may(script).await {
                        Ok(_) => {
                            work().await?;
                            break 'l2;
                        }
                        Err(_) => {
                            break 'l2;
                        }
                    }
                }
            }
        }
    }
    else {
        work().await?;
        work().await?;
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w32(#[state] script: &Script) -> Result<u32> {
    #[bound(2)]
    'l1: while ask(script).await? {
        work().await?;
        let Ok(_) = may(script).await else {
            work().await?;
            return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
        };
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w33(#[state] script: &Script) -> Result<u32> {
    #[bound(2)]
    'l1: while ask(script).await? {
        work().await?;
        may(script).await?;
        #[bound(2)]
        'l2: while script.flag() {
            work().await?;
            work().await?;
            if ask(script).await? {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return work().await;
                };
            }
            else {
                if script.flag() {
                    'l3: for _ in 0..2 {
                        work().await?;
                        work().await?;
                        work().await?;
                    }
                    if script.flag() {
                        return work().await;
                    }
                    else {
                        continue;
                    }
                }
                else {
                    if script.flag() || ask(script).await? {
                        work().await?;
                        continue;
                    }
                    may(script).await?;
                }
                match may(script).await {
                    Ok(_) => {
                        continue;
                    }
                    Err(_) => {
                        work().await?;
                        break;
                    }
                }
            }
            let Ok(_) = may(script).await else {
                work().await?;
                return work().await;
            };
        }
        may(script).await?;
    }
    match may(script).await { Ok(_) => {
        work().await
    } Err(_) => {
        match may(script).await { Ok(_) => {
            Ok(2)
        } Err(_) => {
            Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
        } }
    } }
}

#[workflow]
pub(super) async fn w34(#[state] script: &Script) -> Result<u32> {
    'l1: {
        may(script).await?;
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w35(#[state] script: &Script) -> Result<u32> {
    let Ok(_) = may(script).await else {
        work().await?;
        flow::bail!("{LEFT}");
    };
    map(vec![1, 2], async |_n: u32| {
        work().await?;
        if ask(script).await? {
            #[bound(2, break)]
            'l1: while script.flag() {
                work().await?;
                if script.flag() {
                    'l2: for _ in 0..2 {
                        work().await?;
                        continue;
                    }
                    #[bound(2)]
                    'l3: while ask(script).await? {
                        work().await?;
                        break 'l1;
                    }
                }
                else {
                    'l4: for _ in 0..2 {
                        work().await?;
                        continue;
                    }
                    'l5: {
                        continue 'l1;
                    }
                    'l6: for _ in 0..3 {
                        if script.flag() {
                            continue 'l1;
                        }
                    }
                }
                may(script).await?;
            }
            'l7: for _ in 0..2 {
                work().await?;
                #[bound(2)]
                'l8: while ask(script).await? {
                    work().await?;
                    continue;
                }
                work().await?;
            }
            return Ok(3);
        }
        else {
            return Ok(3);
        }
        Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
    }).bound(2).settle().await?;
    flow::bail!("{LEFT}");
}

#[workflow]
pub(super) async fn w36(#[state] script: &Script) -> Result<u32> {
    let Ok(_) = may(script).await else {
        work().await?;
        return work().await;
    };
    match may(script).await {
        Ok(_) => {
            let _ = join!(async {
                #[bound(2, break)]
                'l1: loop {
                    work().await?;
                    if script.flag() || ask(script).await? {
                        break;
                    }
                    'l2: while script.flag() {
                        if script.flag() {
                            break 'l1;
                        }
                    }
                    work().await?;
                }
                #[bound(2)]
                'l3: while ask(script).await? {
                    work().await?;
                    inner().await?;
                    may(script).await?;
                }
                inner().await?;
                work().await
            }, async {
                if let Err(_) = may(script).await {
                    work().await?;
                    if script.flag() {
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                    }
                }
                if script.flag() {
                    Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                } else {
                    work().await
                }
            });
        }
        Err(_) => {
            work().await?;
            return Ok(3);
        }
    }
    work().await
}

#[workflow]
pub(super) async fn w37(#[state] script: &Script) -> Result<u32> {
    work().await?;
    match may(script).await { Ok(_) => {
        Ok(2)
    } Err(_) => {
        work().await
    } }
}

#[workflow]
pub(super) async fn w38(#[state] script: &Script) -> Result<u32> {
    match may(script).await {
        Ok(_) => {
            try_join!(async {
                may(script).await?;
                Ok(2)
            }, async {
                'l1: {
                    work().await?;
                }
                #[bound(2)]
                'l2: while script.flag() {
                    work().await?;
                    work().await?;
                }
                match may(script).await { Ok(_) => {
                    match may(script).await { Ok(_) => {
                        Ok(2)
                    } Err(_) => {
                        Ok(2)
                    } }
                } Err(_) => {
                    Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                } }
            })?;
            if let Err(_) = may(script).await {
                if script.flag() {
                    #[bound(2)]
                    'l3: while script.flag() {
                        work().await?;
                        break;
                    }
                    if let Err(_) = may(script).await {
                        return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                    }
                    #[bound(2)]
                    'l4: while script.flag() {
                        work().await?;
                        continue;
                    }
                }
                else {
                    'l5: while script.flag() {
                        if script.flag() {
                            flow::bail!("{LEFT}");
                        }
                    }
                    match may(script).await {
                        Ok(_) => {
                            return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
                        }
                        Err(_) => {
                            return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                        }
                    }
                }
                return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
            }
        }
        Err(_) => {
            return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
        }
    }
    return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
}

#[workflow]
pub(super) async fn w39(#[state] script: &Script) -> Result<u32> {
    match may(script).await {
        Ok(_) => {
            'l1: for _ in 0..2 {
                work().await?;
                if script.flag() {
                    if script.flag() {
                        work().await?;
                        break;
                    }
                    else {
                        continue;
                    }
                }
                may(script).await?;
            }
        }
        Err(_) => {
            'l2: {
                may(script).await?;
                inner().await?;
            }
            if script.flag() || ask(script).await? {
                inner().await?;
                work().await?;
            }
            work().await?;
        }
    }
    #[bound(2, break)]
    'l3: loop {
        work().await?;
        may(script).await?;
        work().await?;
        break;
    }
    Ok(2)
}

#[workflow]
pub(super) async fn w40(#[state] script: &Script) -> Result<u32> {
    work().await?;
    let Ok(_) = may(script).await else {
        work().await?;
        flow::bail!("{LEFT}");
    };
    may(script).await?;
    if script.flag() {
        Err::<u32, flow::Error>(flow::Error::terminal(LEFT))
    } else {
        match may(script).await { Ok(_) => {
            Ok(2)
        } Err(_) => {
            Ok(2)
        } }
    }
}

#[workflow]
pub(super) async fn w41(#[state] script: &Script) -> Result<u32> {
    let _ = join!(async {
        #[bound(2, break)]
        'l1: while ask(script).await? {
            work().await?;
            inner().await?;
            let Ok(_) = may(script).await else {
                work().await?;
                return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
            };
            if script.flag() || ask(script).await? {
                #[bound(2)]
                'l2: while script.flag() {
                    work().await?;
                    if ask(script).await? {
                        continue 'l1;
                    }
                    else {
                        break 'l1;
                    }
                }
            }
        }
        if script.flag() || ask(script).await? {
            if script.flag() {
                let Ok(_) = may(script).await else {
                    work().await?;
                    return work().await;
                };
            }
            else {
                #[bound(2)]
                'l3: while script.flag() {
                    work().await?;
                    'l4: while script.flag() {
                        if script.flag() {
                            flow::bail!("{INSIDE}");
                        }
                    }
                }
                #[bound(2)]
                'l5: while script.flag() {
                    work().await?;
                    work().await?;
                }
            }
        }
        Ok(2)
    }, async {
        return Ok(3);
        work().await
    });
    return Err::<u32, flow::Error>(flow::Error::terminal(LEFT));
}

#[workflow]
pub(super) async fn w42(#[state] script: &Script) -> Result<u32> {
    if script.flag() || ask(script).await? {
        map(vec![1, 2], async |_n: u32| {
            if let Err(_) = may(script).await {
                may(script).await?;
                work().await?;
            }
            Ok(2)
        }).bound(2).settle().await?;
        work().await?;
    }
    work().await
}

#[workflow]
pub(super) async fn w43(#[state] script: &Script) -> Result<u32> {
    let _ = join!(async {
        if let Err(_) = may(script).await {
            work().await?;
            #[bound(2, break)]
            'l1: while script.flag() {
                work().await?;
                let Ok(_) = may(script).await else {
                    work().await?;
                    return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                };
                work().await?;
            }
        }
        if script.flag() || ask(script).await? {
            work().await?;
            match may(script).await {
                Ok(_) => {
                    'l2: while script.flag() {
                        if script.flag() {
                            break;
                        }
                    }
                }
                Err(_) => {
                    inner().await?;
                    #[bound(2)]
                    'l3: loop {
                        work().await?;
                        return Ok(3);
                    }
                    match may(script).await {
                        Ok(_) => {
                            return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                        }
                        Err(_) => {
                            return work().await;
                        }
                    }
                }
            }
            'l4: {
                break 'l4;
            }
        }
        work().await?;
        work().await
    }, async {
        work().await?;
        Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
    });
    match may(script).await { Ok(_) => {
        match may(script).await { Ok(_) => {
            work().await
        } Err(_) => {
            work().await
        } }
    } Err(_) => {
        Ok(2)
    } }
}

#[workflow]
pub(super) async fn w44(#[state] script: &Script) -> Result<u32> {
    may(script).await?;
    'l1: for _ in 0..3 {
        if script.flag() {
            break;
        }
    }
    'l2: for _ in 0..2 {
        work().await?;
        #[bound(2, break)]
        'l3: while ask(script).await? {
            work().await?;
            try_join!(async {
                'l4: for _ in 0..2 {
                    work().await?;
                    'l5: {
                        break 'l5;
                    }
                    'l6: for _ in 0..2 {
                        work().await?;
                        continue;
                    }
                    #[bound(2, break)]
                    'l7: while script.flag() {
                        work().await?;
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                    }
                }
                'l8: for _ in 0..2 {
                    work().await?;
                    let Ok(_) = may(script).await else {
                        work().await?;
                        flow::bail!("{INSIDE}");
                    };
                    #[bound(2)]
                    'l9: while ask(script).await? {
                        work().await?;
                        continue 'l8;
                    }
                    #[bound(2, break)]
                    'l10: loop {
                        work().await?;
                        break;
                    }
                }
                if script.flag() && ask(script).await? {
                    work().await?;
                    return Err::<u32, flow::Error>(flow::Error::terminal(INSIDE));
                }
                Ok(2)
            }, async {
                return work().await;
                if script.flag() {
                    Err::<u32, flow::Error>(flow::Error::terminal(INSIDE))
                } else {
                    work().await
                }
            })?;
            break 'l2;
        }
        continue;
    }
    work().await
}

#[workflow]
pub(super) async fn w45(#[state] script: &Script) -> Result<u32> {
    'l1: for _ in 0..2 {
        work().await?;
        'l2: for _ in 0..2 {
            work().await?;
            match may(script).await {
                Ok(_) => {
                    #[bound(2, break)]
                    'l3: while script.flag() {
                        work().await?;
                        continue;
                    }
                }
                Err(_) => {
                    if script.flag() {
                        break;
                    }
                    else {
                        return if script.flag() { Ok(4) } else { flow::bail!("{LEFT}") };
                    }
                }
            }
            inner().await?;
            if ask(script).await? {
                match may(script).await {
                    Ok(_) => {
                        continue;
                    }
                    Err(_) => {
                        return Ok(3);
                    }
                }
            }
            else {
                'l4: for _ in 0..2 {
                    work().await?;
                    if script.flag() {
                        work().await?;
                        break 'l2;
                    }
                    else {
                        work().await?;
                    }
                    work().await?;
                    work().await?;
                }
            }
        }
    }
    if script.flag() {
        if ask(script).await? {
            return Ok(3);
        }
        else {
            return work().await;
        }
    }
    else {
        flow::bail!("{LEFT}");
    }
}

#[workflow]
pub(super) async fn w46(#[state] script: &Script) -> Result<u32> {
    let Ok(_) = may(script).await else {
        work().await?;
        flow::bail!("{LEFT}");
    };
    if script.flag() {
        let Ok(_) = may(script).await else {
            work().await?;
            return Ok(3);
        };
        if script.flag() {
            inner().await?;
        }
        #[bound(2)]
        'l1: while ask(script).await? {
            work().await?;
            map(vec![1, 2], async |_n: u32| {
                #[bound(2, break)]
                'l2: loop {
                    work().await?;
                    if script.flag() {
                        work().await?;
                        work().await?;
                    }
                }
                work().await?;
                #[bound(2, break)]
                'l3: while script.flag() {
                    work().await?;
                    work().await?;
                    if script.flag() {
                        continue;
                    }
                    #[bound(2)]
                    'l4: loop {
                        work().await?;
                        work().await?;
                        return if script.flag() { Ok(4) } else { flow::bail!("{INSIDE}") };
                    }
                }
                Ok(2)
            }).bound(2).settle().await?;
            continue;
        }
    }
    else {
        flow::bail!("{LEFT}");
    }
    work().await
}

#[workflow]
pub(super) async fn w47(#[state] script: &Script) -> Result<u32> {
    'l1: {
        inner().await?;
    }
    Ok(2)
}

/// Each workflow, whether its bound can be reached, and whether each of its arrows can be taken.
macro_rules! each {
    ($run:ident) => { $run! {
        w0: false false,
        w1: true false,
        w2: true false,
        w3: true false,
        w4: true false,
        w5: true false,
        w6: false false,
        w7: true true,
        w8: true false,
        w9: true false,
        w10: false false,
        w11: true false,
        w12: false false,
        w13: true false,
        w14: true true,
        w15: false false,
        w16: true true,
        w17: true true,
        w18: true false,
        w19: false false,
        w20: false false,
        w21: true false,
        w22: true false,
        w23: true false,
        w24: true false,
        w25: true true,
        w26: true false,
        w27: true true,
        w28: true false,
        w29: false false,
        w30: true false,
        w31: false false,
        w32: true true,
        w33: true false,
        w34: true true,
        w35: true false,
        w36: true false,
        w37: true true,
        w38: false false,
        w39: true false,
        w40: true true,
        w41: true false,
        w42: true false,
        w43: true false,
        w44: false false,
        w45: true true,
        w46: true false,
        w47: true true,
    } };
}
pub(super) use each;
