//! Services that give any address a short one.

use crate::detect::listed::Listed;

/// Domains of such services: those where anybody may hide any address, and not those that
/// one site has for itself.
const SHORTENERS: Listed = Listed::of(
    "\
     0rz.tw acortar.link adf.ly adfoc.us b.link bc.vc bit.do bit.ly bl.ink budurl.com buff.ly \
     chilp.it clck.ru cli.gs cutt.ly cutt.us dlvr.it dub.sh dwz.cn festyy.com gestyy.com gg.gg \
     goo.gl goo.su han.gl hyperurl.co ift.tt is.gd j.mp kutt.it kutt.to lihi.cc linkvertise.com \
     lnk.to lnkd.in lstu.fr mcaf.ee me2.kr n9.cl ouo.io ouo.press ow.ly po.st ppt.cc qps.ru rb.gy \
     rebrand.ly reurl.cc s.coop s.id short.cm short.gy short.io shorte.st shorturl.asia \
     shorturl.at shorturl.gg shrinke.me shrtco.de smarturl.it snip.ly soo.gd spoo.me su.pr suo.im \
     surl.li t.cn t.co t.ly t2m.io tiny.cc tiny.one tiny.pl tinyurl.com tny.im tr.im trib.al \
     twurl.nl u.nu u.to url.cn urlz.fr v.gd v.ht vk.cc x.co x.gd za.gl zpr.io zws.im",
);

/// Whether the host, in its one spelling, is such a service's.
pub(super) fn is_shortener(host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    SHORTENERS.has(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_can_be_registered() {
        for one in SHORTENERS.words() {
            assert!(super::super::impostor::is_registered(one), "{one}");
        }
    }

    #[test]
    fn only_the_service_itself_is_one() {
        for host in ["orbit.ly", "bit.ly.example.com", "example.com", "youtu.be"] {
            assert!(!is_shortener(host), "{host}");
        }
        assert!(is_shortener("bit.ly") && is_shortener("www.tinyurl.com"));
    }
}
